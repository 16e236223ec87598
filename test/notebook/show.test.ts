import assert from 'node:assert/strict';
import { after, beforeEach, test } from 'node:test';
import * as aq from 'arquero';
import { DataFrame } from 'danfojs-node';
import { causal } from '../../lib/methods/family';
import { progressLine, throttledProgress } from '../../lib/notebook/kernel/progress';
import { show } from '../../lib/notebook/show';
import { closeBrowser } from '../../lib/report/figure/browser';
import { convergenceFigure } from '../../lib/report/figure/convergenceFigure';
import { table1 } from '../../lib/report/table/table1';
import { enterNotebook, shown } from './listening';

beforeEach(enterNotebook);
after(closeBrowser);

test('a table is shown as HTML, with its text beside it', async () => {
  await show(table1([]));
  assert.deepEqual(Object.keys(shown[0].data), ['text/html', 'text/plain']);
});

const html = () => String(shown[0].data['text/html']);

test('a data frame is shown by its first rows, a film called <script> as text', async () => {
  await show(
    aq.table({
      title: Array.from({ length: 300 }, () => '</script><script>'),
      id: Array.from({ length: 300 }, (_, i) => i),
    }),
  );
  assert.equal(html().match(/<td[^>]*>&lt;\/script&gt;&lt;script&gt;</g)?.length, 200);
  assert.equal(html().match(/<\/?script/g)?.length, 2);
  assert.match(html(), /The first 200 of 300 rows/);
});

test('only a long table stands in a box of its own height', async () => {
  const rows = (length: number) => aq.table({ id: Array.from({ length }, (_, i) => i) });
  await show(rows(10));
  await show(rows(100));
  const [short, long] = shown.map(({ data }) => String(data['text/html']));
  assert.doesNotMatch(short, /style="[^"]*max-height/);
  assert.match(
    long,
    /<div class="table-box" role="region" aria-label="100 rows" tabindex="0" style="overflow:auto;max-height:/,
  );
});

test('experiments are shown side by side, a difference marked', async () => {
  await show([causal.PeterRec, causal.FineAll]);
  assert.match(
    String(shown[0].data['text/plain']),
    /\| tuned +\| patches and classifier +\| everything +\| ≠ +\|\n\| loss +\| paper +\| paper +\| {2,}\|/,
  );
});

test('many experiments stand one below the other, with the choices that are asked for', async () => {
  await show(Object.values(causal), { choices: ['start', 'patches.place'] });
  const [, , header, , ...rows] = String(shown[0].data['text/plain']).split('\n');
  assert.match(header, /^\| Method +\| start +\| patches.place +\|$/);
  assert.ok(rows.some((row) => /^\| PeterRec +\| pre-trained +\| serial +\|$/.test(row)));
});

const weight = (...values: number[]) => ({ shape: [values.length], values: Float32Array.from(values) });

test('weights are shown by path, shape, number and norm', async () => {
  await show({ kernel: weight(3, 4), bias: [weight(0)] });
  assert.match(
    String(shown[0].data['text/plain']),
    /\| kernel +\| +2 \| +2 \| +5\.000 \|\n\| bias\/0 +\| +1 \| +1 \| +0\.000 \|\n\nParameters: kernel 2; bias 1; all 3\.\n$/,
  );
});

test('of a model it is said what an experiment tunes and what stays frozen', async () => {
  const layer = { kernel: weight(1), bias: weight(1), gain: weight(1), shift: weight(1) };
  const model = {
    trunk: { embedding: weight(1, 1), blocks: [{ first: layer, second: layer }] },
    patches: [],
    head: { kernel: weight(1, 2), bias: weight(1) },
  };
  await show(model, { tunedBy: causal.FineCLS });
  const text = String(shown[0].data['text/plain']);
  assert.match(text, /\| trunk\/embedding +\| .* \| frozen +\|/);
  assert.match(text, /\| head\/kernel +\| .* \| tuned +\|/);
  assert.match(text, /Parameters: trunk 10, frozen; head 3, tuned; all 13, 23\.1% tuned\./);
});

test('a plain Plotly specification is drawn live and as a picture', async () => {
  await show({
    data: [{ type: 'bar', x: ['a'], y: [1] }],
    layout: { title: { text: 'One bar' }, width: 300 },
  });
  const { data } = shown[0];
  assert.deepEqual(Object.keys(data), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
  assert.match(
    String(data['image/svg+xml']),
    /^<svg .*width="225pt" height="337\.5pt".*<title>One bar<\/title>/s,
  );
});

test('what cannot be shown is named, a circle of objects too', async () => {
  const tree = { children: [] as object[], name: 'root' };
  tree.children.push({ parent: tree });
  await assert.rejects(show(tree as never), { name: 'UserError', message: /^show: / });
  await assert.rejects(show({ a: 1 } as never), { name: 'UserError', message: /^show: .*found \{ a: 1 \}$/ });
});

test('a Danfo frame is shown like any other', async () => {
  await show({ columns: ['a', 'b'], index: [0], values: [[1234567, 'x']], shape: [1, 2] });
  assert.match(String(shown[0].data['text/html']), /<tr[^>]*><td[^>]*>1234567<\/td><td[^>]*>x<\/td>/);
});

test('the names of a Danfo frame’s rows come first, and a series is a column', async () => {
  const frame = new DataFrame([[1], [3]], { columns: ['a'] });
  await show(frame.describe());
  await show(frame.column('a'));
  const [described, series] = shown.map(({ data }) => String(data['text/html']));
  assert.match(described, />mean<\/td><td[^>]*>2(\.0+)?<\/td>/);
  assert.deepEqual(
    [...series.matchAll(/<td[^>]*>([^<]*)<\/td>/g)].map(([, cell]) => cell),
    ['1', '3'],
  );
});

test('a figure is one output: interactive, and a picture for those who cannot draw it', async () => {
  const series = [{ label: 'PeterRec', points: [{ x: 1, mean: 1, low: 1, high: 1 }] }];
  const panels = [{ title: 'A', xLabel: 'Steps', yLabel: 'HR@5', series }];
  await show(convergenceFigure({ name: 'a', caption: 'One.', panels }));
  assert.equal(shown.length, 1);
  const { data } = shown[0];
  assert.deepEqual(Object.keys(data), ['application/vnd.plotly.v1+json', 'image/svg+xml', 'text/plain']);
  const plotly = data['application/vnd.plotly.v1+json'] as { config: object };
  assert.deepEqual(plotly.config, { showSendToCloud: false, displaylogo: false });
  assert.match(String(data['image/svg+xml']), /^<svg .*PeterRec<\/text>/s);
});

test('progress writes at most twice a second, yet always the first and the last line', () => {
  const lines: string[] = [];
  let time = 0;
  const report = throttledProgress(
    (line) => lines.push(line.replace(/[█░]+ /, '')),
    () => time,
  );
  for (time = 0; time <= 900; time += 100) report({ label: 'A', done: time / 100, total: 10 });
  report({ label: 'B', done: 10, total: 10 });
  assert.deepEqual(lines, ['0/10 in 0:00: A', '5/10 in 0:01, 0:01 left: A', '10/10 in 0:01: B']);
});

test('a line of progress says how far, how long and how much longer, by the share of the time where it is known', () => {
  const bar = `${'█'.repeat(18)}${'░'.repeat(6)}`;
  const lines: readonly (readonly [Parameters<typeof progressLine>[0], number, string])[] = [
    [{ label: 'A', done: 60.4, total: 80 }, 90, `${bar} 60/80 in 1:30, 0:29 left: A`],
    [{ label: 'A', done: 20, total: 80, share: 0.75 }, 90, `${bar} 20/80 in 1:30, 0:30 left: A`],
    [{ label: 'A', done: 1, total: 101 }, 3723, `${'░'.repeat(24)} 1/101 in 1:02:03, 103:25:00 left: A`],
  ];
  for (const [progress, seconds, line] of lines) assert.equal(progressLine(progress, seconds), line);
});
