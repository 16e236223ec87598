import assert from 'node:assert/strict';
import { test } from 'node:test';
import { convergenceFigure, type Panel } from '../../../lib/report/figure/convergenceFigure';
import { CONFIG, onScreen, REFERENCE_LINE, seriesStyles } from '../../../lib/report/figure/theme';
import { legendOf } from './titles';

const series = (label: string) => ({
  label,
  points: [0, 10].map((x) => ({ x, mean: x, low: x - 1, high: x + 1 })),
});
const panel = (title: string): Panel => ({
  ...{ title, xLabel: 'Steps', yLabel: 'HR@5' },
  series: [series('PeterRec'), series('FineAll')],
  references: [{ label: 'LabelCS', y: 5, line: REFERENCE_LINE }],
});
const figureOf = (...panels: Panel[]) => convergenceFigure({ name: 'figure', caption: '', panels });
const twoPanels = figureOf(panel('A'), panel('B'));

test('a panel is a band and a curve for each series and a line for the reference', () => {
  const { data } = twoPanels.spec;
  assert.equal(data.length, 2 * (2 + 2 + 1));
  const [band, ...bands] = data.filter(({ fill }) => fill === 'toself');
  assert.equal(bands.length, 3);
  assert.deepEqual({ x: band.x, y: band.y }, { x: [0, 10, 10, 0], y: [1, 11, 9, -1] }); // up its upper edge, back its lower
  const flat = { label: 'PeterRec', points: [{ x: 0, mean: 1, low: 1, high: 1 }] };
  assert.equal(figureOf({ title: '', xLabel: '', yLabel: '', series: [flat] }).spec.data.length, 1);
});

test('four curves share a legend, in which each name stands once, however many panels show it', () => {
  const four = { ...panel('A'), series: ['PeterRec', 'FineAll', 'b', 'c'].map(series) };
  assert.deepEqual(legendOf(figureOf(four, four)), ['PeterRec', 'FineAll', 'b', 'c', 'LabelCS']);
});

test('up to three curves are named beside the last panel, in their colours and apart, if it has all of them', () => {
  const { data, layout } = twoPanels.spec;
  assert.ok(data.every(({ showlegend }) => showlegend === false));
  const names = layout.annotations?.filter(({ yref }) => yref === 'y2') ?? [];
  assert.deepEqual(names.map(({ text }) => text).sort(), ['FineAll', 'LabelCS', 'PeterRec']);
  const [bottom, top] = layout.yaxis2.range ?? [0, 0];
  const pixels = names.map(({ y }) => (92 * (y - bottom)) / (top - bottom)).sort((a, b) => a - b);
  assert.ok(pixels[1] - pixels[0] > 9.9 && pixels[2] - pixels[1] > 9.9, pixels.join());
  assert.ok(pixels[0] >= 0 && pixels[2] <= 92.01);
  const lacking = figureOf(panel('A'), { ...panel('B'), series: [series('PeterRec')] });
  assert.ok(lacking.spec.data.some(({ showlegend }) => showlegend));
});

test('on a screen Plotly’s buttons have a strip of their own, and none uploads a figure', () => {
  const { layout } = onScreen(twoPanels.spec);
  assert.deepEqual([layout.width - twoPanels.spec.layout.width, layout.modebar], [34, { orientation: 'v' }]);
  assert.equal(CONFIG.showSendToCloud, false);
});

test('one panel fills a column of the paper, more its text width; a long legend makes a figure higher', () => {
  const widths = ['A', 'AB', 'ABC'].map((titles) => figureOf(...[...titles].map(panel)).width);
  assert.deepEqual(widths, [10 / 3, 7, 7]);
  const named = (...names: string[]) => figureOf({ ...panel('A'), series: names.map(series) });
  const long = ['a very long name of a method indeed', 'another very long name of one'];
  assert.ok(named('a', 'b', 'c', 'd', ...long).height > named('a', 'b', 'c', 'd').height);
});

test('eight series differ in colour, in dash and in marker, so that a grey print tells them apart', () => {
  const labels = ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'];
  const styles = [...seriesStyles(labels).values()];
  for (const property of ['color', 'dash', 'symbol'] as const)
    assert.equal(new Set(styles.map((style) => style[property])).size, 8, property);
  assert.throws(() => seriesStyles([...labels, 'i']), /at most 8/);
});

test('a method keeps its style whatever stands beside it; a variant has it, unless the method is there', () => {
  const style = (label: string) => seriesStyles([label]).get(label);
  const among = seriesStyles(['mine', 'FineAll', 'PeterRec']);
  assert.deepEqual(among.get('PeterRec'), style('PeterRec'));
  assert.notDeepEqual(among.get('mine'), style('PeterRec'));
  const best = seriesStyles(['PeterZero (frozen trunk), best setting', 'FineAll', 'a', 'b, c']);
  assert.deepEqual(best.get('PeterZero (frozen trunk), best setting'), style('PeterZero (frozen trunk)'));
  assert.equal(new Set(best.values()).size, 4);
  const both = seriesStyles(['PeterRec, best setting', 'PeterRec']);
  assert.deepEqual(both.get('PeterRec'), style('PeterRec'));
  assert.notDeepEqual(both.get('PeterRec, best setting'), style('PeterRec'));
});
