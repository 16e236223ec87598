/** Programs whose rate could be changed by hand: as long as nobody does, every number is that of an ordinary one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Preset } from '../../lib/methods/presets';
import { compileFineTuning, finetune, startModel } from '../../lib/recipes/finetune';
import { compilePretraining, pretrain } from '../../lib/recipes/pretrain';
import { pretrainingOf, tuningOf } from '../../lib/recipes/settings';
import type { CurvePoint } from '../../lib/training/fit';
import { fineTuning, news, parity, preset, source } from './tinyTasks';

const sampled: Preset = { ...preset, softmax: { fullUpTo: 1, candidates: 4 } };

const numbers = <T extends { readonly curve: readonly CurvePoint[] }>({ curve, ...rest }: T) => ({
  ...rest,
  curve: curve.map(({ seconds: _, ...point }) => point),
});

async function pretrained(own: Preset, isSteered: boolean) {
  const setting = pretrainingOf(source, own, 'causal');
  const program = compilePretraining(setting, isSteered);
  try {
    return numbers(await pretrain(program, setting, 1));
  } finally {
    program.dispose();
  }
}

for (const [name, own] of Object.entries({ plain: preset, 'over a sample': sampled })) {
  test(`pre-training that could be steered is bit for bit that which cannot: ${name}`, async () => {
    assert.deepEqual(await pretrained(own, true), await pretrained(own, false));
  });
}

async function tuned(task: typeof news, isSteered: boolean) {
  const tuning = tuningOf(task, fineTuning('FineZero'), preset);
  const start = startModel(tuning, 1);
  const program = compileFineTuning(tuning, start, isSteered);
  try {
    return numbers(await finetune(program, tuning, { seed: 1, start }));
  } finally {
    program.dispose();
  }
}

for (const task of [news, parity]) {
  test(`so is fine-tuning: ${task.name}`, async () => {
    assert.deepEqual(await tuned(task, true), await tuned(task, false));
  });
}
