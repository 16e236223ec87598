import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Experiment, Planned } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import { called, identityOf } from '../../lib/methods/identity';
import { LabelCS, opponents, Popularity } from '../../lib/methods/opponents';
import type { Own } from '../../lib/methods/own/own';
import { pairsOf } from '../../lib/runs/plan';
import { news, parity } from '../recipes/tinyTasks';

const { PeterRec, FineAll } = causal;
const tasks = [news, parity];
const namesOf = (planned: readonly Planned[]) =>
  pairsOf(tasks, planned).map(({ task, experiment }) => `${task.name}: ${identityOf(experiment)}`);
const plan = (...experiments: Experiment[]): Planned => ({ on: 'all', experiments });

test('every experiment is run on every task that it is planned for', () => {
  assert.deepEqual(namesOf([plan(PeterRec, opponents.NeuFM), { on: 'classify', experiments: [FineAll] }]), [
    'News: PeterRec on the causal trunk',
    'News: NeuFM',
    'Parity: PeterRec on the causal trunk',
    'Parity: NeuFM',
    'Parity: FineAll on the causal trunk',
  ]);
});

test('the most frequent label is run under the name that it has for the task’s kind', () => {
  assert.deepEqual(namesOf([plan(LabelCS, Popularity)]), ['News: Popularity', 'Parity: LabelCS']);
});

test('what two plans share is run once, whatever either calls it', () => {
  const planned = [plan(PeterRec), plan(called(PeterRec, 'PeterRec_al'), FineAll)];
  assert.deepEqual(namesOf(planned), [
    'News: PeterRec on the causal trunk',
    'Parity: PeterRec on the causal trunk',
    'News: FineAll on the causal trunk',
    'Parity: FineAll on the causal trunk',
  ]);
});

test('an experiment on another trunk, or with a share, is another one', () => {
  const others = [{ ...PeterRec, training: 0.1 }, { ...PeterRec, pretraining: 0.1 }, nonCausal.PeterRec];
  assert.equal(pairsOf([parity], [plan(PeterRec, ...others)]).length, 4);
});

const refusals: readonly (readonly [string, readonly Planned[], string])[] = [
  [
    'a share of the training that is none',
    [plan({ ...PeterRec, training: 0 })],
    'PeterRec: training 0: expected a share above 0 and at most 1',
  ],
  [
    'more than all of pre-training',
    [plan({ ...PeterRec, pretraining: 1.5 })],
    'PeterRec: pretraining 1.5: expected a share above 0 and at most 1',
  ],
  [
    'an experiment twice in one plan',
    [plan(PeterRec, FineAll, called(PeterRec, 'mine'))],
    'PeterRec on the causal trunk stands twice among the experiments; expected each id once on a trunk',
  ],
  [
    'an experiment under the id of another',
    [plan(PeterRec), plan({ ...PeterRec, loss: 'authors' })],
    'PeterRec on the causal trunk is declared in two ways; expected an id of its own for each',
  ],
  [
    'a misspelt experiment',
    [plan((causal as Record<string, Experiment>).PeterRek)],
    'experiments: expected an experiment, found undefined',
  ],
  [
    'a task that nobody knows',
    [{ on: ['Parrity'], experiments: [PeterRec] }],
    'task Parrity: expected one of News, Parity, ColdRec-1, ColdRec-2, GenEst, AgeEst, LifeEst',
  ],
  ...['../PeterRec', 'Peter Rec', '', '.hidden', 'a'.repeat(151)].map(
    (id) =>
      [
        `the id ${JSON.stringify(id).slice(0, 20)}, which no file can have,`,
        [plan({ ...PeterRec, id })],
        `experiment ${JSON.stringify(id)}: expected an id of at most 150 of A-Z a-z 0-9 . _ -`,
      ] as const,
  ),
];

for (const [what, planned, message] of refusals) {
  test(`${what} is refused and named`, () =>
    assert.throws(() => pairsOf(tasks, planned), { name: 'UserError', message }));
}

test('an id may have letters, digits, dots, dashes and underscores, 150 in all', () => {
  for (const id of ['PeterRec-with-training-0.5', 'a_b', 'a'.repeat(150)])
    assert.equal(pairsOf([parity], [plan({ ...PeterRec, id })])[0].experiment.id, id);
});

/** Negatives that are always the next label. */
const next: Own<'negatives'> = {
  own: 'negatives',
  name: 'next',
  functions: { negatives: { source: '(label, { labels }) => (label + 1) % labels', imports: [] } },
};

test('a way of drawing negatives for a loss that sees all labels is refused by the task', () => {
  const drawn = { ...PeterRec, id: 'Drawn', negatives: next };
  assert.deepEqual(namesOf([{ on: 'recommend', experiments: [drawn] }]), ['News: Drawn on the causal trunk']);
  assert.throws(() => namesOf([plan(drawn)]), {
    name: 'UserError',
    message:
      'Drawn on the causal trunk on Parity: negatives next: expected a loss that sets labels against negatives; this one sees all labels',
  });
  assert.throws(
    () => namesOf([plan({ ...drawn, loss: 'cross-entropy' })]),
    /on News: negatives next: expected/,
  );
});
