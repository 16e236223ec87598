import assert from 'node:assert/strict';
import { beforeEach, test } from 'node:test';
import * as aq from 'arquero';
import { tf } from '../../lib/engine/native';
import { livingPrograms } from '../../lib/engine/program/program';
import { causal } from '../../lib/experiments/methods/family';
import { free, workspace, workspaceTable } from '../../lib/notebook/workspace';
import { compileTiny } from '../engine/tinyProgram';
import { enterNotebook, shown } from './listening';

/** The variables of a kernel whose cells made these. */
function withVariables(variables: Record<string, unknown>): Record<string, unknown> {
  (globalThis as { __tslab__?: object }).__tslab__ = { exports: variables };
  return variables;
}

beforeEach(enterNotebook);

test('variables stand with their kind and bytes, each value counted once, the largest first, without imports', async () => {
  const values = new Float32Array(1000);
  const circle: Record<string, unknown> = { values, again: values.subarray(10) };
  circle.self = circle;
  const { program } = compileTiny();
  withVariables({
    ...{ aq, workspace, count: 3, method: causal.PeterRec, circle, program },
    tensor: tf.zeros([10, 10]),
    weights: { head: { kernel: { shape: [10, 200], values: new Float32Array(2000) } } },
    table: aq.table({ id: Float64Array.of(1, 2) }),
  });
  const { rows, note = '' } = workspaceTable();
  const row = (wanted: string) => {
    const { what, bytes } = rows.find(({ name }) => name === wanted) ?? {};
    return [what, bytes];
  };
  assert.deepEqual(['weights', 'circle', 'tensor', 'program', 'count'].map(row), [
    ['weights', 8016],
    ['Object', 4000],
    ['Tensor', 400],
    ['Program', program.memory().bytes],
    ['Number', 8],
  ]);
  assert.deepEqual([row('table')[0], row('method')[0], rows.length], ['ColumnTable', 'experiment', 7]);
  assert.equal(rows[0].name, 'weights');
  assert.match(note, /compiled programs 1\./);
  program.dispose();
  await workspace();
  assert.match(String(shown[0].data['text/plain']), /\| count +\| Number +\|/);
});

test('a freed variable is empty and its tensors or program are released; an unknown name is refused', () => {
  const { program } = compileTiny();
  const model = { kernel: tf.zeros([2]) };
  const variables = withVariables({ program, model });
  assert.throws(() => free('modle'), { name: 'UserError', message: /found modle$/ });
  free('program');
  free('model');
  assert.deepEqual(variables, { program: undefined, model: undefined });
  assert.deepEqual([livingPrograms().includes(program), model.kernel.isDisposed], [false, true]);
});
