import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convergenceFigure } from '../../../lib/report/figure/convergenceFigure';
import type { Panel } from '../../../lib/report/figure/panel';
import { CONFIG, onScreen, plainText, REFERENCE_LINE, seriesStyles } from '../../../lib/report/figure/theme';

const series = (label: string) => ({
  label,
  points: [
    { x: 0, mean: 0.1, low: 0.05, high: 0.15 },
    { x: 10, mean: 0.3, low: 0.25, high: 0.35 },
  ],
});
const panel = (title: string): Panel => ({
  title,
  xLabel: 'Steps',
  yLabel: 'HR@5',
  series: [series('PeterRec'), series('FineAll')],
  references: [{ label: 'LabelCS', y: 0.2, line: REFERENCE_LINE }],
});
const twoPanels = convergenceFigure({ name: 'two', caption: '', panels: [panel('A'), panel('B')] });

test('a panel is a band and a curve for each series and a line for the reference', () => {
  const { data } = twoPanels.spec;
  assert.equal(data.length, 2 * (2 + 2 + 1));
  assert.equal(data.filter(({ fill }) => fill === 'toself').length, 4);
});

test('four curves share a legend, in which each name stands once, however many panels show it', () => {
  const four = { ...panel('A'), series: ['PeterRec', 'FineAll', 'b', 'c'].map(series) };
  const { data } = convergenceFigure({ name: '', caption: '', panels: [four, four] }).spec;
  const legend = data.filter(({ showlegend }) => showlegend).map(({ name }) => name);
  assert.deepEqual(legend, ['PeterRec', 'FineAll', 'b', 'c', 'LabelCS']);
});

test('up to three curves are named beside the last panel, in their colours and apart', () => {
  const { data, layout } = twoPanels.spec;
  assert.ok(data.every(({ showlegend }) => showlegend === false));
  const names = layout.annotations?.filter(({ yref }) => yref === 'y2') ?? [];
  assert.deepEqual(names.map(({ text }) => text).sort(), ['FineAll', 'LabelCS', 'PeterRec']);
  const [bottom, top] = layout.yaxis2.range ?? [0, 0];
  const pixels = names.map(({ y }) => (92 * (y - bottom)) / (top - bottom)).sort((a, b) => a - b);
  assert.ok(pixels[1] - pixels[0] > 9.9 && pixels[2] - pixels[1] > 9.9, pixels.join());
  assert.ok(pixels[0] >= 0 && pixels[2] <= 92.01);
});

test('where the last panel lacks a curve all are named in a legend', () => {
  const one = { ...panel('B'), series: [series('PeterRec')] };
  const { data } = convergenceFigure({ name: '', caption: '', panels: [panel('A'), one] }).spec;
  assert.ok(data.some(({ showlegend }) => showlegend));
});

test('the kept state is a rimmed mark on its curve', () => {
  const kept = { ...panel('A'), series: [{ ...series('PeterRec'), kept: { x: 5, y: 0.2 } }] };
  const { data } = convergenceFigure({ name: '', caption: '', panels: [kept] }).spec;
  const [mark] = data.filter(({ mode }) => mode === 'markers');
  assert.deepEqual([mark.x, mark.y, mark.marker?.line?.color], [[5], [0.2], '#000000']);
});

test('six panels stand in two rows of at most five', () => {
  const panels = [...'ABCDEF'].map(panel);
  const { layout } = convergenceFigure({ name: '', caption: '', panels }).spec;
  const [first, last] = [layout.yaxis.domain ?? [0, 0], layout.yaxis6.domain ?? [0, 0]];
  assert.ok(last[1] < first[0]);
  assert.deepEqual(layout.xaxis6.domain, layout.xaxis.domain);
});

test('on a screen Plotly’s buttons have a strip of their own', () => {
  const { layout } = onScreen(twoPanels.spec);
  assert.equal(layout.width - twoPanels.spec.layout.width, 34);
  assert.deepEqual(layout.modebar, { orientation: 'v' });
});

test('one panel fills a column of the paper, more its text width', () => {
  const widths = [1, 2, 3].map((count) => {
    const panels = Array.from({ length: count }, () => panel('A'));
    return convergenceFigure({ name: 'a', caption: '', panels }).width;
  });
  assert.deepEqual(widths, [10 / 3, 7, 7]);
});

test('a legend too long for one row makes the figure higher', () => {
  const labels = (names: string[]) =>
    convergenceFigure({ name: '', caption: '', panels: [{ ...panel('A'), series: names.map(series) }] });
  const names = ['a', 'b', 'c', 'd'];
  const [short, long] = [
    labels(names),
    labels([...names, 'a very long name of a method indeed', 'another very long name of one']),
  ];
  assert.ok(long.height > short.height);
});

test('a band runs along its upper edge and back along its lower edge', () => {
  const [{ x, y }] = twoPanels.spec.data;
  assert.deepEqual(x, [0, 10, 10, 0]);
  assert.deepEqual(y, [0.15, 0.35, 0.25, 0.05]);
});

test('a curve without spread has no band', () => {
  const flat = { label: 'PeterRec', points: [{ x: 0, mean: 1, low: 1, high: 1 }] };
  const { data } = convergenceFigure({
    name: 'flat',
    caption: '',
    panels: [{ title: '', xLabel: '', yLabel: '', series: [flat] }],
  }).spec;
  assert.equal(data.length, 1);
});

test('eight series differ in colour, in dash and in marker, so that a grey print tells them apart', () => {
  const labels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const styles = [...seriesStyles(labels).values()];
  for (const property of ['color', 'dash', 'symbol'] as const) {
    assert.equal(new Set(styles.map((style) => style[property])).size, 8, property);
  }
  assert.throws(() => seriesStyles([...labels, 'i']), /at most 8/);
});

test('a method keeps its style whatever stands beside it', () => {
  const alone = seriesStyles(['PeterRec']).get('PeterRec');
  const among = seriesStyles(['mine', 'FineAll', 'PeterRec']);
  assert.deepEqual(among.get('PeterRec'), alone);
  assert.notDeepEqual(among.get('mine'), alone);
});

test('a variant has the style of its method, unless the method stands beside it', () => {
  const style = (label: string) => seriesStyles([label]).get(label);
  const best = seriesStyles(['PeterZero (frozen trunk), best setting', 'FineAll', 'a', 'b, c']);
  assert.deepEqual(best.get('PeterZero (frozen trunk), best setting'), style('PeterZero (frozen trunk)'));
  assert.equal(new Set(best.values()).size, 4);
  const both = seriesStyles(['PeterRec, best setting', 'PeterRec']);
  assert.deepEqual(both.get('PeterRec'), style('PeterRec'));
  assert.notDeepEqual(both.get('PeterRec, best setting'), style('PeterRec'));
});

test('names cannot write the tags and entities that Plotly reads', () => {
  assert.equal(plainText('<b>A</b> &amp;'), '&lt;b&gt;A&lt;/b&gt; &amp;amp;');
});

test('readers get no button that uploads a figure', () => {
  assert.equal(CONFIG.showSendToCloud, false);
});
