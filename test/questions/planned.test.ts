/** Runs that a module beside the notebooks says, for `sweep` and `tune`. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import { identityOf } from '../../lib/experiments/methods/identity';
import { plannedOf } from '../../lib/questions/planned';
import { inProject } from '../../lib/setup/tools/project';

/** A module of that text beside the notebooks, by its name. */
function moduleOf(t: TestContext, name: string, text: string): string {
  const file = inProject('notebooks', `${name}.ts`);
  fs.writeFileSync(file, text);
  t.after(() => fs.rmSync(file));
  return path.basename(file, '.ts');
}

test('a module says runs, with a loss that it exports', async (t) => {
  const name = moduleOf(
    t,
    `idea${process.pid}`,
    `import type { Tensor } from '@tensorflow/tfjs-node-gpu';
    import { causal } from '../lib/experiments/methods/family';
    import { own, tf } from '../lib/notebook/own/own';
    import * as ablation from '../lib/questions/ablation';
    export const sums = (h: Tensor): Tensor => tf.sum(h);
    export const runs = ablation.runs('ColdRec-1', causal.PeterRec, [{ loss: own.loss('sums', sums) }]);`,
  );
  const { planned, silent } = await plannedOf([name]);
  assert.deepEqual(silent, []);
  const experiment = planned[0].experiments.at(-1);
  assert.ok(experiment?.kind === 'fine-tuning' && typeof experiment.loss === 'object');
  assert.equal(identityOf(experiment), 'PeterRec-with-loss-sums on the causal trunk');
  const { source, imports } = experiment.loss.functions.loss;
  assert.equal(source, 'exports.sums');
  assert.deepEqual([imports[0].module, imports[0].name, imports.length], [`./notebooks/${name}`, 'sums', 1]);
});

test('a module that says no runs is refused by its path', async (t) => {
  const name = moduleOf(t, `mistaken${process.pid}`, 'export const planned = [];');
  const message = new RegExp(`^notebooks/${name}\\.ts: .*runs`);
  await assert.rejects(plannedOf([name]), { name: 'UserError', message });
});

test('a question without a module is silent; one beside the notebooks stands before the library’s of its name', async (t) => {
  const own = { on: ['ColdRec-1'], experiments: [] };
  const name = moduleOf(t, 'dataFigures', `export const runs = [${JSON.stringify(own)}];`);
  assert.deepEqual(await plannedOf([name, 'rq77']), { planned: [own], asks: [], silent: ['rq77'] });
});
