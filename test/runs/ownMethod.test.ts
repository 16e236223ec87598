/** A method with a function of one's own is a document like any other: kept, and computed anew when the function is edited. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../lib/methods/experiment';
import { causal } from '../../lib/methods/family';
import { digestOf } from '../../lib/methods/own/digest';
import type { Own } from '../../lib/methods/own/own';
import { loadPatches } from '../../lib/modelFiles/patchFile';
import { freshPretraining } from '../../lib/recipes/pretrain';
import { pretrainingOf } from '../../lib/recipes/settings';
import { sideBySide } from '../../lib/runs/beside/process';
import { leftOf, planOf } from '../../lib/runs/plan';
import { run } from '../../lib/runs/run';
import { inFolder, news, preset, source } from '../recipes/tinyTasks';
import { everywhere, files, options } from './tinyRun';

const { PeterRec } = causal;
const HEADS = './lib/model/heads';

/** Far too simple a loss: the mean score of the labels, times a factor. */
const lossBy = (factor: number): Own<'loss'> => ({
  own: 'loss',
  name: 'scores',
  functions: {
    loss: {
      source: `(h, head, { labels }) => exports.scoreOf(h, head, labels).mean().mul(${factor})`,
      imports: [{ as: 'scoreOf', module: HEADS, name: 'scoreOf', digest: digestOf(HEADS) }],
    },
  },
});
const withLoss = (factor: number): FineTuning => ({ ...PeterRec, id: 'Own', loss: lossBy(factor) });

test('it is computed once, in another process as in this one, and again when the function is edited', () =>
  inFolder(async (out) => {
    const asked = { ...options, tasks: [news], out };
    const here = await run(asked, everywhere(withLoss(1)));
    const before = files(out);
    await run(asked, everywhere(withLoss(1)));
    assert.deepEqual(files(out), before);
    const edited = leftOf(planOf(asked, everywhere(withLoss(2))));
    assert.equal(edited.length, 1, 'the trunk is there');
    await inFolder(async (other) => {
      const beside = await run({ ...asked, out: other }, everywhere(withLoss(1)), sideBySide(1));
      const ranks = (ran: typeof here) => ran.results.map(({ files }) => files);
      assert.deepEqual(ranks(beside), ranks(here));
    });
  }));

test('a mistake in a function is told by a process that trains as what it is', () =>
  inFolder(async (out) =>
    assert.rejects(
      run({ ...options, tasks: [news], out }, everywhere(withLoss('missing' as never)), sideBySide(1)),
      { name: 'UserError', message: 'loss scores: missing is not defined' },
    ),
  ));

test('a loss that is no number is named, and no rate is blamed before it', () =>
  inFolder((out) =>
    assert.rejects(run({ ...options, tasks: [news], out }, everywhere(withLoss(Number.NaN))), {
      name: 'UserError',
      message:
        /^News, PeterRec, seed 1: the loss is no number after step 1, at rates .*kept\. See whether loss scores, one of your own, is a number/,
    }),
  ));

test('a loss that what is tuned has no part in is refused', () =>
  inFolder(async (out) => {
    const loss: Own<'loss'> = {
      ...lossBy(1),
      functions: { loss: { source: '(h) => h.mean()', imports: [] } },
    };
    await assert.rejects(
      run({ ...options, tasks: [news], out }, everywhere({ ...PeterRec, id: 'Own', loss })),
      ({ name, message }: Error) =>
        name === 'UserError' &&
        message.startsWith('loss scores: the loss does not depend on the tuned weight head/table'),
    );
  }));

test('patches by a function of one’s own are left, and are not taken for shipped ones', () =>
  inFolder(async (out) => {
    const place: Own<'insertion'> = {
      own: 'insertion',
      name: 'before',
      functions: { insertion: { source: '({ psi, normRelu, P }) => normRelu(P(psi))', imports: [] } },
    };
    const patches = { ...(PeterRec.patches as NonNullable<FineTuning['patches']>), place };
    await run({ ...options, tasks: [news], out }, everywhere({ ...PeterRec, id: 'Own', patches }));
    const [left] = [...files(out).keys()].filter((name) => /models\/News-Own-.*\.safetensors$/.test(name));
    const { trunk } = freshPretraining(pretrainingOf(source, preset, 'causal'), 7);
    assert.throws(
      () => loadPatches(`${out}/${left}`, trunk),
      /own: expected patches of a shipped form, found some by functions of a notebook’s own/,
    );
  }));
