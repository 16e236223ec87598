import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as aq from 'arquero';
import { tf } from '../../lib/engine/native';
import { livingPrograms } from '../../lib/engine/program/program';
import { causal } from '../../lib/experiments/methods/family';
import { training } from '../../lib/notebook/live/trainings';
import { free, workspace, workspaceTable } from '../../lib/notebook/workspace';
import { compileTiny } from '../engine/tinyProgram';
import { enterNotebook, shown } from './listening';

/** The variables of a kernel whose cells made these. */
function withVariables(variables: Record<string, unknown>): Record<string, unknown> {
  (globalThis as { __tslab__?: object }).__tslab__ = { exports: variables };
  return variables;
}

beforeEach(enterNotebook);

const row = (wanted: string) => workspaceTable().rows.find(({ name }) => name === wanted);

test('a variable is told by what it is, how large it is and what hangs on it, the largest first; imports are left out', () => {
  withVariables({
    ...{ aq, workspace, count: 3, method: causal.PeterRec },
    tensor: tf.zeros([10, 10]),
    weights: { head: { kernel: { shape: [10, 100], values: new Float32Array(1000) } } },
    table: aq.table({ id: Float64Array.of(1, 2) }),
  });
  const names = workspaceTable().rows.map(({ name }) => name);
  assert.deepEqual(names.slice(0, 2), ['weights', 'tensor']);
  assert.deepEqual([...names].sort(), ['count', 'method', 'table', 'tensor', 'weights']);
  assert.deepEqual(row('tensor'), { name: 'tensor', what: 'tensor', size: '10 x 10', bytes: 400 });
  assert.deepEqual([row('table')?.what, row('table')?.size], ['table', '2 x 1']);
  assert.deepEqual([row('method')?.what, row('method')?.size], ['experiment', 'PeterRec']);
});

test('what is reached by two ways is counted once, and a circle has an end', () => {
  const values = new Float32Array(1000);
  const circle: Record<string, unknown> = { values, again: values.subarray(10) };
  circle.self = circle;
  withVariables({ circle });
  assert.equal(row('circle')?.bytes, 4000);
});

test('compiled programs and trainings are counted while they are there', async () => {
  const { program } = compileTiny();
  withVariables({ program });
  assert.equal(row('program')?.bytes, program.held().bytes);
  await training('PeterRec', async () => {
    assert.match(
      workspaceTable().note ?? '',
      /compiled programs 1, of \d+ variables, .* Training: PeterRec\./,
    );
  });
  program.dispose();
  assert.match(workspaceTable().note ?? '', /compiled programs 0, .* Training: nothing\./);
});

test('what is freed is empty: its tensors and programs are released, and programs that nobody holds', () => {
  const [lost, held, named] = [compileTiny().program, compileTiny().program, compileTiny().program];
  const model = { kernel: tf.zeros([2]) };
  const variables = withVariables({ held, named, model });
  free('named', 'model');
  assert.deepEqual(variables, { held, named: undefined, model: undefined });
  assert.deepEqual(
    [lost, held, named].map((one) => livingPrograms().includes(one)),
    [false, true, false],
  );
  assert.ok(model.kernel.isDisposed);
  assert.match(String(shown[0].data['text/plain']), /^Resident memory: [\d.]+ MB before, [\d.]+ MB now\.$/);
  held.dispose();
});

test('a name that no variable has is named, and while something trains nothing is freed', async () => {
  const variables = withVariables({ count: 3 });
  assert.throws(() => free('cuont'), { name: 'UserError', message: /found cuont$/ });
  await training('PeterRec', async () =>
    assert.throws(() => free('count'), { name: 'UserError', message: /^free: PeterRec is training; / }),
  );
  assert.deepEqual(variables, { count: 3 });
});

test('the workspace is shown as a table', async () => {
  withVariables({ count: 3 });
  await workspace();
  assert.match(String(shown[0].data['text/plain']), /\| count +\| number +\|/);
});
