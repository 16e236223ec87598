import assert from 'node:assert/strict';
import { test } from 'node:test';
import { paperAccount } from '../../../lib/data/paper/arithmetic';
import { type Experiment, isOther } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { called, identityOf, isSame, placeOf } from '../../../lib/experiments/methods/identity';
import { insertions } from '../../../lib/experiments/methods/insertions';
import { choices, vary } from '../../../lib/experiments/methods/vary';
import { LabelCS, opponents, untrained } from '../../../lib/experiments/opponents/opponents';
import { requireDeclared } from '../../../lib/experiments/resolve/declared';

const { PeterRec, FineAll } = causal;
const shipped: readonly Experiment[] = [causal, nonCausal, opponents, untrained].flatMap((all) =>
  Object.values<Experiment>(all),
);

test('an experiment is known by id, trunk and shares; a share of 1 is all, and a label decides nothing', () => {
  const both = 'PeterRec on the causal trunk, training 0.5, pre-training 0.1';
  for (const [method, identity] of [
    [PeterRec, 'PeterRec on the causal trunk'],
    [nonCausal.PeterRec, 'PeterRec on the non-causal trunk'],
    [opponents.MTL, 'MTL on the causal trunk'],
    [{ ...LabelCS, training: 0.1 }, 'LabelCS, training 0.1'],
    [{ ...PeterRec, training: 0.5, pretraining: 0.1 }, both],
    [{ ...PeterRec, training: 1, pretraining: 1 }, 'PeterRec on the causal trunk'],
  ] as const)
    assert.equal(identityOf(method), identity);
  const renamed = called(PeterRec, 'PeterRec_al');
  assert.deepEqual(renamed, { ...PeterRec, label: 'PeterRec_al' });
  assert.ok(isSame(renamed, PeterRec) && !isSame(nonCausal.PeterRec, PeterRec));
});

test('every shipped experiment is one, and no two are known by the same name', () => {
  const varied = choices.map(([, changes]) => vary(PeterRec, changes));
  for (const experiment of [...shipped, ...varied]) requireDeclared(experiment);
  assert.equal(shipped.length, 11 + 11 + 6 + 2);
  assert.equal(new Set(shipped.map(identityOf)).size, shipped.length);
});

test('a task is named with the share of its training instances', () => {
  const places = [{}, { training: 1 }, { training: 0.125 }].map((of) => placeOf('LifeEst', of));
  assert.deepEqual(places, ['LifeEst', 'LifeEst', 'LifeEst, 13 %']);
});

const patchesWith = (changes: object) => ({ ...PeterRec, patches: { ...PeterRec.patches, ...changes } });
const ownLoss = { own: 'loss', name: 'authors', functions: { loss: { source: 'x', imports: [] } } };

const refusals: readonly (readonly [found: object, said: RegExp])[] = [
  [{ ...PeterRec, tuned: 'patches' }, /^PeterRec: tuned "patches": .*everything/],
  [{ ...FineAll, tuned: 'patches and classifier' }, /^FineAll: tuned "patches and .*": expected patches/],
  [patchesWith({ squeeze: 0 }), /^PeterRec: patches\.squeeze 0: /],
  [patchesWith({ squeeze: Number.NaN }), /^PeterRec: patches\.squeeze NaN: /],
  [patchesWith({ perBlock: 3 }), /^PeterRec: patches\.perBlock 3: /],
  [{ ...PeterRec, patches: [] }, /^PeterRec: patches \[\]: /],
  [{ ...PeterRec, representation: undefined }, /^PeterRec: representation undefined: /],
  [{ ...PeterRec, training: 2.5 }, /^PeterRec: training 2\.5: expected a share/],
  [{ ...PeterRec, pretraining: -1 }, /^PeterRec: pretraining -1: expected a share/],
  [{ ...PeterRec, loss: 'papers' }, /^PeterRec: loss "papers": .*"cross-entropy", or own\.loss/],
  [{ ...PeterRec, loss: ownLoss }, /^PeterRec: loss \{ own: 'loss', name: 'authors'/],
  [{ ...PeterRec, tuned: { own: 'loss', name: 'x', functions: {} } }, /^PeterRec: tuned \{ own: /],
  [{ ...PeterRec, rate: 1 }, /^PeterRec: .*"rate"/],
  [{ ...PeterRec, id: '../x' }, /^experiment "\.\.\/x": expected an id/],
  [{ ...opponents.NeuFM, model: 'NeuMF' }, /^NeuFM: model "NeuMF": /],
  [{ ...PeterRec, kind: 'finetuning' }, /^PeterRec: kind "finetuning": /],
];
for (const [found, message] of refusals)
  test(`${message} is said`, () =>
    assert.throws(() => requireDeclared(found as Experiment), { name: 'UserError', message }));

const { drawn, extension } = insertions(nonCausal.PeterRec);
const rows = [...Object.values(drawn), ...Object.values(extension)];

test('Table 7 has eleven insertions, four of them drawn, which differ from PeterRec in their patches alone', () => {
  for (const key of ['patches', 'id', 'label'] as const)
    assert.equal(new Set(rows.map((row) => JSON.stringify(row[key]))).size, 11, key);
  assert.deepEqual(Object.keys(drawn), ['b', 'c', 'd', 'e']);
  for (const { id, label, patches, ...rest } of rows)
    assert.deepEqual({ ...nonCausal.PeterRec, ...rest }, nonCausal.PeterRec, `${id}, ${label}`);
  assert.equal(drawn.b.id, 'PeterRec-b');
});

test('what PeterRec has already is PeterRec itself under another label: (d), and (c) on the causal trunk', () => {
  assert.deepEqual(drawn.d, called(nonCausal.PeterRec, 'Parallel before LN, two (d)'));
  assert.deepEqual(insertions(causal.PeterRec).drawn.c, called(causal.PeterRec, 'Serial before LN, two (c)'));
  assert.equal(rows.filter(({ id }) => id === 'PeterRec').length, 1);
});

test('two patches of half size have as many weights as one', () => {
  const sizes = { items: 1, labels: 1, channels: 256, kernel: 3, layers: 16 };
  const weights = ({ patches }: (typeof rows)[number]) => {
    assert.ok(patches && !isOther(patches));
    return paperAccount({ ...sizes, patches: 8 * patches.perBlock, squeeze: patches.squeeze }).patches;
  };
  assert.equal(weights(extension.halves), weights(drawn.b));
  assert.equal(weights(drawn.c), 2 * weights(drawn.b));
});
