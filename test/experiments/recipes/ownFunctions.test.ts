/** Functions of one's own that do what a shipped choice does give its numbers, bit for bit; others are refused in words. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { digestOf } from '../../../lib/experiments/methods/own/call';
import { type Code, OWN, type Own, type OwnKind } from '../../../lib/experiments/methods/own/own';
import { requireFrozen, startModel } from '../../../lib/experiments/recipes/finetune';
import { selectionOf } from '../../../lib/experiments/recipes/frozen';
import { tuningOf } from '../../../lib/experiments/recipes/settings';
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

const patches = PeterRec.patches as NonNullable<FineTuning['patches']>;

const same: Readonly<Record<string, FineTuning>> = {
  'a loss that is Eq. 8': {
    ...PeterRec,
    loss: own('loss', code('(h, head, batch) => exports.bpr(h, head, batch)', 'bpr')),
  },
  'a selection of patches and classifier': {
    ...PeterRec,
    tuned: own('selection', code('(model) => [model.patches, model.head]')),
  },
  'a selection that names a part twice': {
    ...PeterRec,
    tuned: own('selection', code('(model) => [model.patches, model.patches[0], model.head]')),
  },
  'uniform negatives': {
    ...PeterRec,
    negatives: own(
      'negatives',
      code(
        '(label, { labels }, stream) => { const rank = exports.below(labels - 1, stream); return rank < label ? rank : rank + 1; }',
        'below',
      ),
    ),
  },
  'the serial place': {
    ...PeterRec,
    patches: { ...patches, place: own('insertion', code('({ psi, normRelu, P }) => normRelu(P(psi))')) },
  },
};
for (const [what, experiment] of Object.entries(same)) {
  test(`${what} gives the numbers of PeterRec, bit for bit`, async () =>
    assert.deepEqual(numbers(await tuned(news, experiment)), numbers(await tuned(news, PeterRec))));
}

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
      assert.ok(Object.values(patch).every(({ values }) => values.some((value: number) => value !== 1)));
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

const withLoss = (...codes: readonly Code[]): FineTuning => ({ ...PeterRec, loss: own('loss', ...codes) });
const withSelection = (source: string): FineTuning => ({
  ...PeterRec,
  tuned: own('selection', code(source)),
});
const withNegatives = (...codes: readonly Code[]): FineTuning => ({
  ...PeterRec,
  negatives: own('negatives', ...codes),
});
const withPatch = (fresh: Code, apply: Code): FineTuning => ({
  ...PeterRec,
  patches: { ...patches, patch: own('patch', fresh, apply) },
});
const ones = code('(k) => ({ scale: exports.ones([k]) })', 'ones');

const refusals: Readonly<Record<string, readonly [FineTuning, RegExp]>> = {
  'a loss of each label': [
    withLoss(code('(h, head, { weights }) => weights')),
    /^loss own: expected a scalar tensor, found one of \[\d+\]$/,
  ],
  'a loss of another type': [withLoss(code('(h) => h.argMax(1).sum()')), /^loss own: .*float32, .* int32$/],
  'a loss through an op without a gradient': [
    withLoss(code('(h) => exports.tf.topk(h, 1).values.sum()', 'tf')),
    /^loss own: TopK has no gradient/,
  ],
  'a patch through an op without a gradient': [
    withPatch(
      ones,
      code('(E, { scale }) => exports.tf.topk(exports.tf.mul(E, scale), E.shape[2]).values', 'tf'),
    ),
    /^patch own: TopK has no gradient/,
  ],
  'a loss that is constant': [
    withLoss(code('() => exports.tf.scalar(1)', 'tf')),
    /^loss own: the loss does not depend on what is tuned; expected all that is tuned to take part$/,
  ],
  'a loss that the classifier has no part in': [
    withLoss(code('(h) => h.mean()')),
    /^loss own: the loss does not depend on the tuned weight head\/table; expected all that is tuned to take part$/,
  ],
  'a loss whose gradient is 0 everywhere': [
    withLoss(code('(h, head, batch) => exports.bpr(h, head, batch).round()', 'bpr')),
    /^loss own: no tuned weight has changed; expected a gradient that is not 0 everywhere$/,
  ],
  'a loss that throws': [
    withLoss(code('() => { throw new RangeError("no margin"); }')),
    /^loss own: no margin$/,
  ],
  'a selection of nothing': [withSelection('() => []'), /^selection own: expected a list of parts/],
  'a selection of what is no part': [
    withSelection('(model) => [model.patch]'),
    /^selection own: expected a list of parts/,
  ],
  'a selection without a weight': [withSelection('() => [[]]'), /^selection own: expected a list of parts/],
  'negatives that are the label': [
    withNegatives(code('(label) => label')),
    /^negatives own: expected a label from 0 to 9 other than (\d), found \1$/,
  ],
  'negatives by the dice of TensorFlow': [
    withNegatives(
      code('(label, { labels }) => Math.floor(exports.tf.randomUniform([1], 0, labels).dataSync()[0])', 'tf'),
    ),
    /^negatives own: it draws random numbers by randomUniform/,
  ],
  'negatives by an op that draws': [
    withNegatives(code('() => exports.tf.multinomial([0.5, 0.5], 1, 3).dataSync()[0]', 'tf')),
    /^negatives own: it draws random numbers by multinomial/,
  ],
  'fresh weights by the dice of TensorFlow': [
    withPatch(
      code(
        '(k) => ({ scale: { shape: [k], values: exports.tf.randomNormal([k], 0, 1, "float32", 3).dataSync() } })',
        'tf',
      ),
      code('(E, { scale }) => exports.tf.mul(E, scale)', 'tf'),
    ),
    /^patch own: it draws random numbers by randomNormal/,
  ],
  'a place of another shape': [
    { ...PeterRec, patches: { ...patches, place: own('insertion', code('({ psi }) => psi.sum()')) } },
    /^insertion own: expected a tensor of \[\d+, \d+, 8\], found one of \[\]$/,
  ],
  'an import that was changed since': [
    withLoss({
      source: '(h, head, batch) => exports.bpr(h, head, batch)',
      imports: [{ as: 'bpr', module: './lib/training/losses', name: 'bpr', digest: 'before' }],
    }),
    /^loss own: \.\/lib\/training\/losses was changed/,
  ],
};
for (const [what, [experiment, expected]] of Object.entries(refusals)) {
  test(`${what} is refused by the name of the function`, () =>
    assert.rejects(
      tuned(news, experiment),
      ({ name, message }: Error) => name === 'UserError' && expected.test(message),
    ));
}
