/** Which experiments are run on which tasks, and what is refused. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Experiment, Planned } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called, identityOf } from '../../../lib/experiments/methods/identity';
import type { Own } from '../../../lib/experiments/methods/own/own';
import { LabelCS, opponents, Popularity } from '../../../lib/experiments/opponents/opponents';
import { pairsOf } from '../../../lib/experiments/resolve/pairs';
import { news, parity } from '../recipes/tinyTasks';
import { everywhere } from '../runs/tinyRun';

const { PeterRec, FineAll } = causal;
const tasks = [news, parity];
const namesOf = (...planned: Planned[]) =>
  pairsOf(tasks, planned).map(({ task, experiment }) => `${task.name}: ${identityOf(experiment)}`);
const all = (...experiments: Experiment[]): Planned => ({ on: 'all', experiments });

test('every experiment is run once on every task that it is planned for, whatever two plans call it', () => {
  assert.deepEqual(namesOf(all(PeterRec, opponents.NeuFM), { on: 'classify', experiments: [FineAll] }), [
    'News: PeterRec on the causal trunk',
    'News: NeuFM',
    'Parity: PeterRec on the causal trunk',
    'Parity: NeuFM',
    'Parity: FineAll on the causal trunk',
  ]);
  assert.deepEqual(namesOf(all(LabelCS, Popularity)), ['News: Popularity', 'Parity: LabelCS']);
  assert.deepEqual(namesOf(all(PeterRec), all(called(PeterRec, 'PeterRec_al'), FineAll)), [
    'News: PeterRec on the causal trunk',
    'Parity: PeterRec on the causal trunk',
    'News: FineAll on the causal trunk',
    'Parity: FineAll on the causal trunk',
  ]);
  const others = [{ ...PeterRec, training: 0.1 }, { ...PeterRec, pretraining: 0.1 }, nonCausal.PeterRec];
  assert.equal(pairsOf([parity], [all(PeterRec, ...others)]).length, 4);
});

/** Negatives that are always the next label. */
const next: Own<'negatives'> = {
  own: 'negatives',
  name: 'next',
  functions: { negatives: { source: '(label, { labels }) => (label + 1) % labels', imports: [] } },
};
const drawn: Experiment = { ...PeterRec, id: 'Drawn', negatives: next };

test('a share of 1 is no share', () => {
  const [{ experiment }] = pairsOf([news], everywhere({ ...causal.PeterRec, training: 1 }));
  assert.deepEqual(experiment, causal.PeterRec);
});

test('negatives of one’s own are for losses that sample them', () =>
  assert.deepEqual(namesOf({ on: 'recommend', experiments: [drawn] }), ['News: Drawn on the causal trunk']));

const refusals: readonly (readonly [planned: readonly Planned[], message: RegExp])[] = [
  [[all({ ...PeterRec, training: 0 })], /^PeterRec: training 0: expected a share above 0/],
  [[all({ ...PeterRec, pretraining: 1.5 })], /^PeterRec: pretraining 1\.5: .* at most 1$/],
  [[all(PeterRec, FineAll, called(PeterRec, 'mine'))], /^PeterRec on the causal trunk stands twice/],
  [[all(PeterRec), all({ ...PeterRec, loss: 'authors' })], /^PeterRec .* declared in two ways/],
  [[all((causal as Record<string, Experiment>).PeterRek)], /^experiments: .*, found undefined$/],
  [
    [{ experiments: [PeterRec] } as unknown as Planned],
    /^runs: expected entries \{ on, experiments \}, found one of experiments$/,
  ],
  [[{ on: ['Parrity'], experiments: [PeterRec] }], /^task Parrity: expected one of News, Parity, /],
  [[all(drawn)], /^Drawn on the causal trunk on Parity: negatives next: expected a loss/],
  [[all({ ...drawn, loss: 'cross-entropy' })], /on News: negatives next: expected/],
  ...['../PeterRec', 'Peter Rec', '', '.hidden', 'a'.repeat(151)].map(
    (id) => [[all({ ...PeterRec, id })], /^experiment "[^"]*": expected an id of at most 150/] as const,
  ),
];
for (const [planned, message] of refusals)
  test(`refused: ${message.source}`, () =>
    assert.throws(() => pairsOf(tasks, planned), { name: 'UserError', message }));

test('an id may have letters, digits, dots, dashes and underscores, 150 in all', () => {
  for (const id of ['PeterRec-with-training-0.5', 'a_b', 'a'.repeat(150)])
    assert.equal(pairsOf([parity], [all({ ...PeterRec, id })])[0].experiment.id, id);
});
