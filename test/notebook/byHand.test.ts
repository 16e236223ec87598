import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal, nonCausal } from '../../lib/methods/family';
import { digestOf } from '../../lib/methods/own/digest';
import { vary } from '../../lib/methods/vary';
import { byHand } from '../../lib/notebook/byHand';
import { freshPretraining } from '../../lib/recipes/pretrain';
import { pretrainingOf } from '../../lib/recipes/settings';
import type { Direction } from '../../lib/tensorflow/ops/convolution';
import { news, preset, source } from '../recipes/tinyTasks';

const HEADS = './lib/model/heads';
const { graft, tune } = byHand({ preset, out: '' });
const trunkOf = (direction: Direction, of = source, by = preset) =>
  freshPretraining(pretrainingOf(of, by, direction), 7).trunk;

test('a method that starts from a trunk is not grafted into a random one', () => {
  assert.throws(() => graft(news, causal.PeterRec), {
    name: 'UserError',
    message: 'graft: PeterRec starts from a pre-trained trunk; expected one, found none',
  });
  assert.ok(graft(news, causal.PeterZeroFrozen).trunk);
});

test('a method that starts from a random trunk takes no other', () =>
  assert.throws(() => graft(news, causal.PeterZeroFrozen, trunkOf('causal')), {
    name: 'UserError',
    message: 'graft: PeterZero (frozen trunk) starts from a random trunk; expected none, found one',
  }));

test('a trunk of the task in the direction of the method is grafted', () => {
  for (const { PeterRec } of [causal, nonCausal]) {
    const trunk = trunkOf(PeterRec.trunk);
    assert.equal(graft(news, PeterRec, trunk).trunk, trunk);
  }
});

const small = { ...source, items: source.items.slice(0, 5) };
const wanted = 'expected a causal trunk of the 12 items of Films, 14 × 8 embeddings and 2 blocks, found';
const strangers = [
  ['of the other direction', trunkOf('non-causal'), '15 × 8 embeddings and 2 blocks'],
  ['of another source', trunkOf('causal', small), '7 × 8 embeddings and 2 blocks'],
  [
    'of other channels',
    trunkOf('causal', source, { ...preset, channels: 4 }),
    '14 × 4 embeddings and 2 blocks',
  ],
  [
    'of fewer blocks',
    trunkOf('causal', source, { ...preset, dilations: [1] }),
    '14 × 8 embeddings and 1 block',
  ],
] as const;
for (const [what, trunk, found] of strangers) {
  test(`a trunk ${what} is refused`, () =>
    assert.throws(() => graft(news, causal.PeterRec, trunk), {
      name: 'UserError',
      message: `graft: PeterRec on News: ${wanted} ${found}`,
    }));
}

test('a causal trunk is refused by a method on the non-causal one', () =>
  assert.throws(() => graft(news, nonCausal.PeterRec, trunkOf('causal')), {
    name: 'UserError',
    message: /^graft: PeterRec on News: expected a non-causal trunk of the 12 items of Films, 15 × 8 /,
  }));

test('a loss that gives no number is told of by its name, with what helps', async () => {
  const logarithm = {
    own: 'loss',
    name: 'logarithm',
    functions: {
      loss: {
        source: '(h, head, { labels }) => exports.scoreOf(h, head, labels).square().neg().log().mean()',
        imports: [{ as: 'scoreOf', module: HEADS, name: 'scoreOf', digest: digestOf(HEADS) }],
      },
    },
  } as const;
  const experiment = { ...causal.PeterRec, id: 'Logarithm', label: 'loss logarithm', loss: logarithm };
  await assert.rejects(tune(news, experiment, graft(news, experiment, trunkOf('causal'))), {
    name: 'UserError',
    message:
      /^loss logarithm: the loss is no number after step 1\. See whether loss logarithm, one of your own, is a number/,
  });
});

const half = vary(causal.PeterRec, { patches: { squeeze: 1 } });
const otherTask = { ...news, name: 'Others', labels: news.labels.slice(1) };
const notGrafted: readonly (readonly [string, Parameters<typeof tune>, string])[] = [
  [
    'of a method without patches',
    [news, causal.PeterRec, graft(news, causal.FineCLS, trunkOf('causal'))],
    'PeterRec on News: .*, with patches/0/first/down/weight \\[8, 1\\], found no patches/0/first/down/weight',
  ],
  [
    'of a method with patches',
    [news, causal.FineCLS, graft(news, causal.PeterRec, trunkOf('causal'))],
    'FineCLS on News: .*, with no patches/0/first/down/weight, found patches/0/first/down/weight \\[8, 1\\]',
  ],
  [
    'of other patches',
    [news, causal.PeterRec, graft(news, half, trunkOf('causal'))],
    'PeterRec on News: .*, with patches/0/first/down/weight \\[8, 1\\], found .* \\[8, 8\\]',
  ],
  [
    'of a task with other labels',
    [otherTask, causal.PeterRec, graft(news, causal.PeterRec, trunkOf('causal'))],
    'PeterRec on Others: .*, with head/table \\[9, 8\\], found head/table \\[10, 8\\]',
  ],
  [
    'on a pre-trained trunk',
    [news, causal.PeterZeroFrozen, graft(news, causal.PeterRec, trunkOf('causal'))],
    'PeterZero \\(frozen trunk\\) on News: .*, with a random trunk, found a pre-trained one',
  ],
  [
    'on a trunk of the other direction',
    [news, causal.PeterRec, graft(news, nonCausal.PeterRec, trunkOf('non-causal'))],
    'PeterRec on News: expected a causal trunk of the 12 items of Films, 14 × 8 .*, found 15 × 8 ',
  ],
];
for (const [what, asked, found] of notGrafted) {
  test(`a model ${what} is not tuned`, () =>
    assert.rejects(tune(...asked), { name: 'UserError', message: new RegExp(`^tune: ${found}`) }));
}

test('a choice that is none is refused before anything is compiled', async () => {
  const model = graft(news, causal.PeterRec, trunkOf('causal'));
  const bare = { ...causal.PeterRec, loss: () => 0 } as unknown as typeof causal.PeterRec;
  const message = /^PeterRec: loss .*expected one of "paper".*, or own\.loss\(…\)$/;
  assert.throws(() => graft(news, bare, trunkOf('causal')), { name: 'UserError', message });
  await assert.rejects(tune(news, bare, model), { name: 'UserError', message });
});
