import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../lib/experiments/methods/family';
import { digestOf } from '../../lib/experiments/methods/own/call';
import { vary } from '../../lib/experiments/methods/vary';
import { freshPretraining } from '../../lib/experiments/recipes/pretrain';
import type { TrunkName } from '../../lib/model/trunks/names';
import { byHand } from '../../lib/notebook/byHand';
import { pretrainingOf } from '../experiments/recipes/settingsOf';
import { news, preset, source } from '../experiments/recipes/tinyTasks';

const HEADS = './lib/model/heads';
const { graft, tune } = byHand({ preset, out: '' });
const trunkOf = (direction: TrunkName, of = source, by = preset) =>
  freshPretraining(pretrainingOf(of, by, direction), 7).trunk;

test('a trunk of the task in the direction of the method is grafted, and a random one where it starts from one', () => {
  for (const { PeterRec } of [causal, nonCausal]) {
    const trunk = trunkOf(PeterRec.trunk);
    assert.equal(graft(news, PeterRec, trunk).trunk, trunk);
  }
  assert.ok(graft(news, causal.PeterZeroFrozen).trunk);
});

const small = { ...source, items: source.items.slice(0, 5) };
const { PeterRec, PeterZeroFrozen } = causal;
const strangers: readonly (readonly [string, Parameters<typeof graft>, RegExp])[] = [
  ['no trunk', [news, PeterRec], /PeterRec .*found none/],
  ['a superfluous trunk', [news, PeterZeroFrozen, trunkOf('causal')], /PeterZero .*none, found 14 × 8/],
  [
    'the other direction',
    [news, PeterRec, trunkOf('non-causal')],
    /causal .*14 × 8 .*found 15 × 8 .*864 weights/,
  ],
  ['the causal one', [news, nonCausal.PeterRec, trunkOf('causal')], /non-causal .*15 × 8 .*found 14 × 8/],
  ['another source', [news, PeterRec, trunkOf('causal', small)], /12 items of Films.*found 7 × 8/],
  ['other channels', [news, PeterRec, trunkOf('causal', source, { ...preset, channels: 4 })], /found 14 × 4/],
  [
    'fewer blocks',
    [news, PeterRec, trunkOf('causal', source, { ...preset, dilations: [1] })],
    /found .* 432 weights/,
  ],
];
for (const [what, asked, found] of strangers) {
  test(`${what}: refused by graft, with what was expected and found`, () =>
    assert.throws(() => graft(...asked), { name: 'UserError', message: found }));
}

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
    message: /^loss logarithm: .* after step 1\. .*own loss logarithm/,
  });
});

const grafted = (by: FineTuning) => graft(news, by, by.start === 'random' ? undefined : trunkOf(by.trunk));
const otherTask = { ...news, name: 'Others', labels: news.labels.slice(1) };
const others: readonly (readonly [what: string, ...asked: Parameters<typeof tune>])[] = [
  ['without patches', news, PeterRec, grafted(causal.FineCLS)],
  ['with other patches', news, PeterRec, grafted(vary(PeterRec, { patches: { squeeze: 1 } }))],
  ['of another task', otherTask, PeterRec, grafted(PeterRec)],
  ['on a pre-trained trunk', news, PeterZeroFrozen, grafted(PeterRec)],
];
for (const [what, ...asked] of others) {
  test(`a model ${what} is not tuned`, () =>
    assert.rejects(tune(...asked), { name: 'UserError', message: /^tune: Peter\w+.* on (News|Others): / }));
}

test('a choice that is none is refused before anything is compiled', async () => {
  const model = graft(news, causal.PeterRec, trunkOf('causal'));
  const bare = { ...causal.PeterRec, loss: () => 0 } as unknown as typeof causal.PeterRec;
  const message = /^PeterRec: loss .*expected one of "paper".*, or own\.loss\(…\)$/;
  assert.throws(() => graft(news, bare, trunkOf('causal')), { name: 'UserError', message });
  await assert.rejects(tune(news, bare, model), { name: 'UserError', message });
});
