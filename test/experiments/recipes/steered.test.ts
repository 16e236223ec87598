/** Programs whose rate could be changed by hand: as long as nobody does, every number is that of an ordinary one. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { fineTuning, news, parity, preset } from './tinyTasks';
import { numbers, pretrained, tuned } from './trained';

const sampled: Preset = { ...preset, softmax: { fullUpTo: 1, candidates: 4 } };

for (const [name, own] of Object.entries({ plain: preset, sampled })) {
  test(`a steered program gives bit for bit the numbers of an ordinary one: ${name}`, async () => {
    const trunk = (isSteered: boolean) => pretrained('causal', { preset: own, isSteered });
    assert.deepEqual(numbers(await trunk(true)), numbers(await trunk(false)));
    for (const task of [news, parity]) {
      const method = (isSteered: boolean) => tuned(task, fineTuning('FineZero'), { preset: own, isSteered });
      assert.deepEqual(numbers(await method(true)), numbers(await method(false)));
    }
  });
}
