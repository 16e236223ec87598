/** A method with a function of one's own is a document like any other: kept, and computed anew when the function is edited. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { FineTuning } from '../../../lib/experiments/methods/experiment';
import { causal } from '../../../lib/experiments/methods/family';
import { digestOf } from '../../../lib/experiments/methods/own/call';
import type { Own } from '../../../lib/experiments/methods/own/own';
import { trunkShape } from '../../../lib/experiments/records/trunks';
import { resolve } from '../../../lib/experiments/resolve/resolve';
import { leftOf, run } from '../../../lib/experiments/runs/run';
import { sideBySide } from '../../../lib/experiments/runs/workers/process';
import { loadPatches } from '../../../lib/model/files/patchFile';
import { folderWith } from '../../data/folders';
import { news, preset, source } from '../recipes/tinyTasks';
import { trunkOf } from '../recipes/trained';
import { everywhere, files, namesIn, options } from './tinyRun';

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

const asked = () => ({ ...options, tasks: [news], out: folderWith({}) });

test('it is computed once, in another process as in this one, and again when the function is edited', async () => {
  const own = asked();
  const here = await run(own, everywhere(withLoss(1)));
  const before = files(own.out);
  await run(own, everywhere(withLoss(1)));
  assert.deepEqual(files(own.out), before);
  assert.equal(leftOf(resolve(everywhere(withLoss(2)), own), own.out).length, 1, 'the trunk is there');
  const beside = await run(asked(), everywhere(withLoss(1)), sideBySide(1));
  const rowsOf = ({ results }: typeof here) => results.map((result) => result.files); // losses depend on threads
  assert.deepEqual(rowsOf(beside), rowsOf(here));
});

const refusals: readonly (readonly [method: FineTuning, message: RegExp, processes: number])[] = [
  [withLoss('missing' as never), /^loss scores: missing is not/, 1],
  [withLoss(Number.NaN), /^News, PeterRec, seed 1: .* step 1, .* Check that your own loss scores is/, 0],
];
for (const [method, message, processes] of refusals)
  test(`refused by the name of the function: ${message.source}`, () =>
    assert.rejects(run(asked(), everywhere(method), sideBySide(processes)), { name: 'UserError', message }));

test('patches by a function of one’s own are left, and are not taken for shipped ones', async () => {
  const place: Own<'insertion'> = {
    own: 'insertion',
    name: 'before',
    functions: { insertion: { source: '({ psi, finish, P }) => finish(P(psi))', imports: [] } },
  };
  const patches = { ...PeterRec.patches, place };
  const { out } = await run(asked(), everywhere({ ...PeterRec, id: 'Own', patches }));
  const left = namesIn(out).find((name) => /models\/News-Own-.*\.safetensors$/.test(name));
  assert.throws(
    () => loadPatches(`${out}/${left}`, trunkOf('causal'), trunkShape(source, preset, 'causal')),
    /own: expected patches of a shipped form/,
  );
});
