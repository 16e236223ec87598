/** What is frozen is computed once for each user: weights and scores are bit for bit those of computing it at every step. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import { gatherRows } from '../../../lib/engine/ops/rows';
import { Program } from '../../../lib/engine/program/program';
import type { Weight } from '../../../lib/engine/weights';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { vary } from '../../../lib/experiments/methods/vary';
import {
  fineTuningSteps,
  type TaskStep,
  trainings,
  tuningInputs,
} from '../../../lib/experiments/recipes/batches';
import { compileFineTuning, scorings, startModel } from '../../../lib/experiments/recipes/finetune';
import { knownUsers, selectionOf } from '../../../lib/experiments/recipes/frozen';
import { freshPretraining } from '../../../lib/experiments/recipes/pretrain';
import type { TuningSetting } from '../../../lib/experiments/recipes/settings';
import { type UserModelWeights, userVector } from '../../../lib/model/userModel';
import { scoreUsers } from '../../../lib/training/evaluate';
import type { Step } from '../../../lib/training/fit';
import { specsOf } from '../../../lib/training/inputs';
import { targetLoss } from '../../../lib/training/losses';
import { adam } from '../../../lib/training/optimizer';
import { atOnce } from '../../../lib/training/parts';
import { pretrainingOf, tuningOf } from './settingsOf';
import { news, parity, preset, source } from './tinyTasks';

const STEPS = 12;
const users = [0, 3, 1, 5];

type Start = UserModelWeights<Weight>;

/** The same training, with everything computed at every step. */
function unremembered(tuning: TuningSetting, start: Start): Program<Start> {
  const { choices, ...unfrozen } = tuning;
  const optimizer = adam(tuning.rate);
  return Program.compile<Start>(start, {
    ...trainings<Start>(tuning.lengths, (length) => ({
      inputs: specsOf(tuningInputs(tuning, length)),
      loss: (model: UserModelWeights<Tensor>, { ids, owner, ...batch }) =>
        targetLoss(gatherRows(userVector(model, tuning.model, ids), owner), model.head, batch),
      tuned: selectionOf(choices),
      optimizer,
    })),
    ...scorings(unfrozen),
  });
}

/** Weights and scores after some steps, and the ops of one of them. */
function after(
  program: Program<Start>,
  tuning: TuningSetting,
  complete: (step: TaskStep) => Step,
  known?: Parameters<typeof scoreUsers>[3],
) {
  const steps = fineTuningSteps(tuning, 1);
  let last = '';
  for (let n = 0; n < STEPS; n++) {
    const { signature, batch } = complete(steps.next());
    program.run(signature, batch);
    last = signature;
  }
  const found = { weights: program.read(), scores: atOnce(scoreUsers(program, tuning, users, known)) };
  return { found, ops: program.ops(last).length };
}

const cases: readonly FineTuning[] = [
  ...[causal, nonCausal].flatMap(({ FineCLS, FineLast1, FineLast2 }) => [FineCLS, FineLast1, FineLast2]),
  ...(['SASRec', 'GRU'] as const).flatMap((trunk) =>
    [causal.FineCLS, causal.FineLast1].map((method) => vary(method, { trunk })),
  ),
  vary(causal.PeterRec, { patches: { form: 'side network', ratio: 2 } }),
  vary(causal.PeterRec, { patches: { form: 'scalar mix' }, pastRank: 2 }),
  { ...causal.PeterRec, id: 'PastTrunk', patches: null, pastRank: 2 },
].flatMap((method) => [method, { ...method, representation: 'mean' as const }]);

for (const method of cases)
  test(`${method.trunk} ${method.id}, ${method.representation}: as if it was computed at every step`, () => {
    for (const task of [news, parity]) {
      const tuning = tuningOf(task, method, preset);
      const { trunk } = freshPretraining(pretrainingOf(source, preset, method.trunk), 7);
      const start = startModel(tuning, 1, trunk);
      const [once, always] = [compileFineTuning(tuning, start), unremembered(tuning, start)];
      const { step, scored } = knownUsers(once, tuning);
      const remembered = after(once, tuning, step, scored);
      const computed = after(always, tuning, (one) => one);
      assert.deepEqual(remembered.found, computed.found);
      assert.ok(remembered.ops < computed.ops, `${remembered.ops} ops in place of ${computed.ops}`);
      for (const program of [once, always]) program.dispose();
    }
  });
