import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Experiment, Planned } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called, identityOf } from '../../../lib/experiments/methods/identity';
import { LabelCS, opponents, Popularity } from '../../../lib/experiments/methods/opponents';
import type { Own } from '../../../lib/experiments/methods/own/own';
import { pairsOf } from '../../../lib/experiments/runs/plan';
import { news, parity } from '../recipes/tinyTasks';

const { PeterRec, FineAll } = causal;
const tasks = [news, parity];
const namesOf = (...planned: Planned[]) =>
  pairsOf(tasks, planned).map(({ task, experiment }) => `${task.name}: ${identityOf(experiment)}`);
const plan = (...experiments: Experiment[]): Planned => ({ on: 'all', experiments });

test('every experiment is run once on every task that it is planned for, whatever two plans call it', () => {
  assert.deepEqual(namesOf(plan(PeterRec, opponents.NeuFM), { on: 'classify', experiments: [FineAll] }), [
    'News: PeterRec on the causal trunk',
    'News: NeuFM',
    'Parity: PeterRec on the causal trunk',
    'Parity: NeuFM',
    'Parity: FineAll on the causal trunk',
  ]);
  assert.deepEqual(namesOf(plan(LabelCS, Popularity)), ['News: Popularity', 'Parity: LabelCS']);
  assert.deepEqual(namesOf(plan(PeterRec), plan(called(PeterRec, 'PeterRec_al'), FineAll)), [
    'News: PeterRec on the causal trunk',
    'Parity: PeterRec on the causal trunk',
    'News: FineAll on the causal trunk',
    'Parity: FineAll on the causal trunk',
  ]);
  const others = [{ ...PeterRec, training: 0.1 }, { ...PeterRec, pretraining: 0.1 }, nonCausal.PeterRec];
  assert.equal(pairsOf([parity], [plan(PeterRec, ...others)]).length, 4);
});

/** Negatives that are always the next label. */
const next: Own<'negatives'> = {
  own: 'negatives',
  name: 'next',
  functions: { negatives: { source: '(label, { labels }) => (label + 1) % labels', imports: [] } },
};
const drawn: Experiment = { ...PeterRec, id: 'Drawn', negatives: next };

test('negatives of one’s own are for losses that sample them', () =>
  assert.deepEqual(namesOf({ on: 'recommend', experiments: [drawn] }), ['News: Drawn on the causal trunk']));

const refusals: readonly (readonly [planned: readonly Planned[], message: RegExp])[] = [
  [[plan({ ...PeterRec, training: 0 })], /^PeterRec: training 0: expected a share above 0/],
  [[plan({ ...PeterRec, pretraining: 1.5 })], /^PeterRec: pretraining 1\.5: .* at most 1$/],
  [[plan(PeterRec, FineAll, called(PeterRec, 'mine'))], /^PeterRec on the causal trunk stands twice/],
  [[plan(PeterRec), plan({ ...PeterRec, loss: 'authors' })], /^PeterRec .* declared in two ways/],
  [[plan((causal as Record<string, Experiment>).PeterRek)], /^experiments: .*, found undefined$/],
  [[{ on: ['Parrity'], experiments: [PeterRec] }], /^task Parrity: expected one of News, Parity, /],
  [[plan(drawn)], /^Drawn on the causal trunk on Parity: negatives next: expected a loss/],
  [[plan({ ...drawn, loss: 'cross-entropy' })], /on News: negatives next: expected/],
  ...['../PeterRec', 'Peter Rec', '', '.hidden', 'a'.repeat(151)].map(
    (id) => [[plan({ ...PeterRec, id })], /^experiment "[^"]*": expected an id of at most 150/] as const,
  ),
];
for (const [planned, message] of refusals)
  test(`refused: ${message.source}`, () =>
    assert.throws(() => pairsOf(tasks, planned), { name: 'UserError', message }));

test('an id may have letters, digits, dots, dashes and underscores, 150 in all', () => {
  for (const id of ['PeterRec-with-training-0.5', 'a_b', 'a'.repeat(150)])
    assert.equal(pairsOf([parity], [plan({ ...PeterRec, id })])[0].experiment.id, id);
});
