import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import * as aq from 'arquero';
import { DataFrame } from 'danfojs-node';
import { causal } from '../../lib/experiments/methods/family';
import { progressLine, throttledProgress } from '../../lib/notebook/kernel/progress';
import { show } from '../../lib/notebook/show';
import { closeBrowser } from '../../lib/report/figure/browser';
import { convergenceFigure } from '../../lib/report/figure/convergenceFigure';
import { table1 } from '../../lib/report/table/table1';
import { enterNotebook, shown } from './listening';

beforeEach(enterNotebook);
after(closeBrowser);

const html = () => String(shown[0].data['text/html']);
const weight = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });
const layer = { kernel: weight(1), bias: weight(1), gain: weight(1), shift: weight(1) };
const model = {
  trunk: { embedding: weight(1, 1), blocks: [{ first: layer, second: layer }] },
  patches: [],
  head: { kernel: weight(1, 2), bias: weight(1) },
};

const asTables: readonly (readonly [what: string, args: Parameters<typeof show>, ...text: RegExp[]])[] = [
  ['a table', [table1([])], /^Table 1|\| Task/],
  [
    'experiments side by side, a difference marked',
    [[causal.PeterRec, causal.FineAll]],
    /\| tuned +\| patches and classifier +\| everything +\| ≠ +\|\n\| loss +\| paper +\| paper +\| {2,}\|/,
  ],
  [
    'many experiments one below the other, by the choices that are asked for',
    [Object.values(causal), { choices: ['start', 'patches.place'] }],
    /\n\| Method +\| start +\| patches.place +\|\n/,
    /\n\| PeterRec +\| pre-trained +\| serial +\|\n/,
  ],
  [
    'weights by path, shape, number and norm',
    [{ kernel: weight(3, 4), bias: [weight(0)] }],
    /\| kernel +\| +2 \| +2 \| +5\.000 \|\n\| bias\/0 +\| +1 \| +1 \| +0\.000 \|\n\nParameters: kernel 2; bias 1; all 3\.\n$/,
  ],
  [
    'a model with what an experiment tunes and what stays frozen',
    [model, { tunedBy: causal.FineCLS }],
    /\| trunk\/embedding +\| .* \| frozen +\|/,
    /\| head\/kernel +\| .* \| tuned +\|/,
    /Parameters: trunk 10, frozen; head 3, tuned; all 13, 23\.1% tuned\./,
  ],
  [
    'a Danfo frame',
    [{ columns: ['a', 'b'], index: [0], values: [[1234567, 'x']], shape: [1, 2] }],
    /\| 1234567 \| x/,
  ],
  [
    'a Danfo frame with the names of its rows first',
    [new DataFrame([[1], [3]], { columns: ['a'] }).describe()],
    /\| mean +\| +2/,
  ],
  ['a Danfo series', [new DataFrame([[1], [3]], { columns: ['a'] }).column('a')], /\| +1 \|\n\| +3 \|/],
];
for (const [what, args, ...texts] of asTables) {
  test(`as a table, HTML with its text beside it: ${what}`, async () => {
    await show(...args);
    assert.deepEqual(Object.keys(shown[0].data), ['text/html', 'text/plain']);
    for (const text of texts) assert.match(String(shown[0].data['text/plain']), text);
  });
}

test('a data frame is shown by its first rows, a film called <script> as text', async () => {
  const title = Array.from({ length: 300 }, () => '</script><script>');
  await show(aq.table({ title, id: title.map((_, i) => i) }));
  assert.equal(html().match(/<td[^>]*>&lt;\/script&gt;&lt;script&gt;</g)?.length, 200);
  assert.doesNotMatch(html(), /<\/?script/);
  assert.match(html(), /The first 200 of 300 rows/);
});

test('what cannot be shown is named, a circle of objects too', async () => {
  const tree = { children: [] as object[], name: 'root' };
  tree.children.push({ parent: tree });
  await assert.rejects(show(tree as never), { name: 'UserError', message: /^show: / });
  await assert.rejects(show({ a: 1 } as never), { name: 'UserError', message: /^show: .*found \{ a: 1 \}$/ });
});

test('a figure, a plain Plotly specification too, is one output: interactive, and a picture', async () => {
  const series = [{ label: 'PeterRec', points: [{ x: 1, mean: 1, low: 1, high: 1 }] }];
  const panels = [{ title: 'A', xLabel: 'Steps', yLabel: 'HR@5', series }];
  await show(convergenceFigure({ name: 'a', caption: 'One.', panels }));
  await show({
    data: [{ type: 'bar', x: ['a'], y: [1] }],
    layout: { title: { text: 'One bar' }, width: 300 },
  });
  const plotly = 'application/vnd.plotly.v1+json';
  for (const { data } of shown) {
    assert.deepEqual(Object.keys(data), [plotly, 'image/svg+xml', 'text/plain']);
    const { config } = data[plotly] as { config: object };
    assert.deepEqual(config, { showSendToCloud: false, displaylogo: false });
  }
  const [figure, bar] = shown.map(({ data }) => String(data['image/svg+xml']));
  assert.match(figure, /^<svg .*PeterRec<\/text>/s);
  assert.match(bar, /^<svg .*width="225pt" height="337\.5pt".*<title>One bar<\/title>/s);
});

test('progress writes at most twice a second, yet always the first and the last line', ({ mock }) => {
  const lines: string[] = [];
  let time = 0;
  mock.method(Date, 'now', () => time);
  const report = throttledProgress((line) => lines.push(line.replace(/[█░]+ /, '')));
  for (time = 0; time <= 900; time += 100) report({ label: 'A', done: time / 100, total: 10 });
  report({ label: 'B', done: 10, total: 10 });
  assert.deepEqual(lines, ['0/10 in 0:00: A', '5/10 in 0:01, 0:01 left: A', '10/10 in 0:01: B']);
});

test('a line of progress says how far, how long and how much longer, as estimated or by its pace', () => {
  const bar = `${'█'.repeat(18)}${'░'.repeat(6)}`;
  const lines: readonly (readonly [Parameters<typeof progressLine>[0], number, string])[] = [
    [{ label: 'A', done: 60.4, total: 80 }, 90, `${bar} 60/80 in 1:30, 0:29 left: A`],
    [{ label: 'A', done: 60, total: 80, secondsLeft: 5 }, 90, `${bar} 60/80 in 1:30, 0:05 left: A`],
    [{ label: 'A', done: 1, total: 101 }, 3723, `${'░'.repeat(24)} 1/101 in 1:02:03, 103:25:00 left: A`],
  ];
  for (const [progress, seconds, line] of lines) assert.equal(progressLine(progress, seconds), line);
});
