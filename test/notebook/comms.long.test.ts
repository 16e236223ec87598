/** What a real kernel says about widgets while a cell runs, to a client that keeps every message. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { before, test } from 'node:test';
import { inProject } from '../../lib/setup/tools/project';

type Content = Readonly<Record<string, unknown>>;
type Message = { readonly type: string; readonly parent: string; readonly content: Content };

let messages: readonly (Message & { readonly metadata: Content })[] = [];
const of = (type: string, parent: string) =>
  messages.filter((message) => message.type === type && message.parent === parent);

before(() => {
  const args = [inProject('test/notebook/comms.py')];
  const { status, stdout, stderr } = spawnSync(inProject('.venv/bin/python'), args, { encoding: 'utf8' });
  assert.equal(status, 0, stderr);
  messages = stdout
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line));
});

const opened = () => of('comm_open', 'execute_request')[0];

test('a cell opens a widget and changes it', () => {
  assert.equal(opened().content.target_name, 'jupyter.widget');
  assert.deepEqual(opened().metadata, { version: '2.1.0' });
  const [{ content }] = of('comm_msg', 'execute_request');
  assert.deepEqual(content.data, { method: 'update', state: { count: 2 }, buffer_paths: [] });
});

test('who asks for comms while a cell runs is answered by a message of the right type', () => {
  const [{ content }] = of('comm_info_reply', 'comm_info_request');
  const widget = String(opened().content.comm_id);
  assert.deepEqual(content, { status: 'ok', comms: { [widget]: { target_name: 'jupyter.widget' } } });
});

test('a tab that is opened again gets the widget as it is by now, also after another tab has closed it', () => {
  const [all, one] = of('comm_msg', 'comm_msg').map(({ content }) => content.data as Record<string, never>);
  const { state, ...about } = Object.values(all.states)[0] as { state: Content };
  assert.equal(all.method, 'update_states');
  assert.deepEqual(about, {
    model_name: 'AnyModel',
    model_module: 'anywidget',
    model_module_version: '~0.11.0',
  });
  assert.deepEqual([state._esm, state.count], ['esm', 2]);
  assert.deepEqual(one, { method: 'update', state, buffer_paths: [] });
});

test('a comm that nobody serves is closed', () => {
  assert.deepEqual(of('comm_close', 'comm_open')[0].content, { comm_id: 'nobody', data: {} });
});

test('what is done in a front end reaches the cell that runs', () => {
  const texts = of('stream', 'execute_request').map(({ content }) => content.text);
  assert.equal(texts.join(''), '[{"do":"stop"}]\n');
});

test('each message is answered by busy and idle of its own, and as long as the cell runs the kernel ends up busy with it', () => {
  const states = messages
    .filter(({ type }) => type === 'status')
    .map(({ parent, content }) => `${parent} ${content.execution_state}`);
  const idleAt = states.flatMap((state, i) => (state.endsWith('idle') ? [i] : []));
  const last = idleAt.pop();
  assert.equal(last, states.length - 1);
  assert.equal(states.at(-1), 'execute_request idle');
  for (const i of idleAt) {
    assert.equal(states[i - 1], states[i].replace('idle', 'busy'));
    assert.equal(states[i + 1], 'execute_request busy');
  }
  assert.equal(idleAt.length, 7);
});
