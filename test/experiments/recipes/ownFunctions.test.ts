/** Functions of one's own that do what a shipped choice does give its numbers, bit for bit; others are refused in words. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { leaves, type Weight } from '../../../lib/engine/weights';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { digestOf } from '../../../lib/experiments/methods/own/call';
import { type Code, OWN, type Own, type OwnKind } from '../../../lib/experiments/methods/own/own';
import { requireFrozen, startModel } from '../../../lib/experiments/recipes/finetune';
import { selectionOf } from '../../../lib/experiments/recipes/frozen';
import { tuningOf } from './settingsOf';
import { news, preset } from './tinyTasks';
import { numbers, trunkOf, tuned } from './trained';

const { PeterRec } = causal;
const trunk = trunkOf('causal');

const MODULES = {
  tf: './lib/engine/native',
  bpr: './lib/training/losses',
  patch: './lib/model/patches/patch',
  freshPatch: './lib/model/patches/patch',
  below: './lib/base/random',
  ones: './lib/engine/weights',
};

const code = (source: string, ...names: readonly (keyof typeof MODULES)[]): Code => ({
  source,
  imports: names.map((name) => ({ as: name, module: MODULES[name], name, digest: digestOf(MODULES[name]) })),
});

const own = <K extends OwnKind>(kind: K, ...codes: readonly Code[]) =>
  ({
    own: kind,
    name: 'own',
    functions: Object.fromEntries(OWN[kind].map((which, i) => [which, codes[i]])),
  }) as Own<K>;

const { patches } = PeterRec;

const uniform =
  '(label, { labels }, stream) => { const r = exports.below(labels - 1, stream); return r < label ? r : r + 1; }';
const same: Readonly<Record<string, Partial<FineTuning>>> = {
  'a loss that is Eq. 8': {
    loss: own('loss', code('(h, head, batch) => exports.bpr(h, head, batch)', 'bpr')),
  },
  'a selection of patches and classifier, one named twice': {
    tuned: own('selection', code('(model) => [model.patches, model.patches[0], model.head]')),
  },
  'uniform negatives': { negatives: own('negatives', code(uniform, 'below')) },
  'the serial place': {
    patches: { ...patches, place: own('insertion', code('({ psi, finish, P }) => finish(P(psi))')) },
  },
};
for (const [what, own] of Object.entries(same))
  test(`${what} gives the numbers of PeterRec, bit for bit`, async () =>
    assert.deepEqual(
      numbers(await tuned(news, { ...PeterRec, ...own })),
      numbers(await tuned(news, PeterRec)),
    ));

test('a patch that scales and shifts is tuned, and the trunk stays bit for bit what it was', async () => {
  const film = own(
    'patch',
    code('(k) => ({ scale: exports.ones([k]), shift: exports.ones([k]) })', 'ones'),
    code('(E, { scale, shift }) => exports.tf.add(exports.tf.mul(E, scale), shift)', 'tf'),
  );
  const { weights } = await tuned(news, { ...PeterRec, patches: { ...patches, patch: film } });
  assert.deepEqual(weights.trunk, trunk);
  assert.deepEqual(Object.keys(weights.patches[0].first ?? {}), ['scale', 'shift']);
  for (const block of weights.patches)
    for (const patch of Object.values(block))
      assert.ok(leaves<Weight>(patch).every(([, { values }]) => values.some((value) => value !== 1)));
});

test('a weight that was to stay and has changed is named', () => {
  const model = startModel(tuningOf(news, PeterRec, preset), 1, trunk);
  const [first, ...rest] = model.trunk.embedding.values;
  const embedding = { ...model.trunk.embedding, values: Float32Array.of(first + 1e-7, ...rest) };
  const changed = { ...model, trunk: { ...model.trunk, embedding } };
  requireFrozen(model, model, selectionOf(PeterRec));
  assert.throws(() => requireFrozen(model, changed, selectionOf(PeterRec)), /trunk\/embedding was to stay/);
  requireFrozen(model, changed, selectionOf(causal.FineAll));
});

const withLoss = (source: string, ...names: (keyof typeof MODULES)[]): FineTuning => ({
  ...PeterRec,
  loss: own('loss', code(source, ...names)),
});
const withSelection = (source: string): FineTuning => ({
  ...PeterRec,
  tuned: own('selection', code(source)),
});
const withNegatives = (source: string): FineTuning => ({
  ...PeterRec,
  negatives: own('negatives', code(source, 'tf')),
});
const withPatch = (fresh: Code, apply: string): FineTuning => ({
  ...PeterRec,
  patches: { ...patches, patch: own('patch', fresh, code(apply, 'tf')) },
});
const ones = code('(k) => ({ scale: exports.ones([k]) })', 'ones');
const normal = 'exports.tf.randomNormal([k], 0, 1, "float32", 3).dataSync()';
const changed: Code = {
  source: '(h, head, batch) => exports.bpr(h, head, batch)',
  imports: [{ as: 'bpr', module: './lib/training/losses', name: 'bpr', digest: 'before' }],
};

const refusals: readonly (readonly [what: string, FineTuning, RegExp])[] = [
  ['a loss of each label', withLoss('(h, head, { weights }) => weights'), /^loss own: .* scalar .*\[\d+\]$/],
  ['a loss of another type', withLoss('(h) => h.argMax(1).sum()'), /^loss own: .*float32, .* int32$/],
  [
    'a loss without a gradient',
    withLoss('(h) => exports.tf.topk(h, 1).values.sum()', 'tf'),
    /^loss own: TopK has/,
  ],
  [
    'a patch without a gradient',
    withPatch(ones, '(E, { scale }) => exports.tf.topk(exports.tf.mul(E, scale), E.shape[2]).values'),
    /^patch own: TopK has no gradient/,
  ],
  [
    'a constant loss',
    withLoss('() => exports.tf.scalar(1)', 'tf'),
    /^loss own: .* not depend on what is tuned/,
  ],
  ['a loss without the classifier', withLoss('(h) => h.mean()'), /^loss own: .* tuned weight head\/table;/],
  [
    'a loss whose gradient is 0 everywhere',
    withLoss('(h, head, batch) => exports.bpr(h, head, batch).round()', 'bpr'),
    /^loss own: no tuned weight has changed/,
  ],
  ['a loss that throws', withLoss('() => { throw new RangeError("no margin"); }'), /^loss own: no margin$/],
  [
    'a selection of no part',
    withSelection('(model) => [model.patch]'),
    /^selection own: expected a list of parts/,
  ],
  ['a selection without a weight', withSelection('() => [[]]'), /^selection own: expected a list of parts/],
  [
    'negatives that are the label',
    withNegatives('(label) => label'),
    /^negatives own: .*other than (\d), found \1$/,
  ],
  [
    'negatives by the dice of TensorFlow',
    withNegatives(
      '(label, { labels }) => Math.floor(exports.tf.randomUniform([1], 0, labels).dataSync()[0])',
    ),
    /^negatives own: .* by randomUniform/,
  ],
  [
    'negatives by an op that draws',
    withNegatives('() => exports.tf.multinomial([0.5, 0.5], 1, 3).dataSync()[0]'),
    /^negatives own: .* by multinomial/,
  ],
  [
    'fresh weights by the dice of TensorFlow',
    withPatch(
      code(`(k) => ({ scale: { shape: [k], values: ${normal} } })`, 'tf'),
      '(E, { scale }) => E.mul(scale)',
    ),
    /^patch own: .* by randomNormal/,
  ],
  [
    'a place of another shape',
    { ...PeterRec, patches: { ...patches, place: own('insertion', code('({ psi }) => psi.sum()')) } },
    /^insertion own: expected a tensor of \[\d+, \d+, 8\], found one of \[\]$/,
  ],
  [
    'an import that was changed since',
    { ...PeterRec, loss: own('loss', changed) },
    /^loss own: \.\/lib\/training\/losses was changed/,
  ],
];
for (const [what, experiment, message] of refusals)
  test(`${what} is refused by the name of the function`, () =>
    assert.rejects(tuned(news, experiment), { name: 'UserError', message }));
