import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { closeBrowser } from '../../../lib/report/figure/browser';
import { convergenceFigure } from '../../../lib/report/figure/convergenceFigure';
import type { Figure } from '../../../lib/report/figure/smallMultiples';
import { PIXELS_PER_INCH, REFERENCE_LINE } from '../../../lib/report/figure/theme';
import { boxesIn, inNotebook } from './drawn';

after(closeBrowser);

const short = ['PeterRec', 'PeterZero (frozen trunk)', 'FineAll', 'FineCLS', 'FineLast1', 'FineLast2'];
const long = [
  'place parallel after norm, shortcut without',
  'place serial after norm, shortcut without',
  'learning rate 0.001, dropout 0.1',
  'place parallel after activation, perBlock 2',
];

function figureOf(panels: number, names: readonly string[]): Figure {
  const series = names.map((label) => ({ label, points: [{ x: 1, mean: 1, low: 1, high: 1 }] }));
  const panel = { title: 'ColdRec-1', xLabel: 'Steps', yLabel: 'MRR@5', series };
  const references = [{ label: 'Popularity', y: 1, line: REFERENCE_LINE }];
  return convergenceFigure({
    ...{ name: 'figure', caption: '' },
    panels: Array.from({ length: panels }, () => ({ ...panel, references })),
  });
}

/** Where the legend's names, its samples of lines and the panels' titles stand. */
const drawn = (figure: Figure) => boxesIn(figure, '.legendtext', '.legendlines', '.annotation-text');

const PIXELS_BETWEEN = 16;

for (const [panels, names] of [
  [1, short.slice(0, 4)],
  [2, short],
  [5, long],
  [1, [...long, ...short.slice(0, 2), `${long.join(', ')} and more than fits`]],
] as const) {
  const figure = figureOf(panels, names);
  for (const [where, shown] of [
    ['exported', figure],
    ['in a notebook', inNotebook(figure)],
  ] as const) {
    test(`${where}, the legend of ${names.length + 1} names stands clear above the titles of ${panels} panels`, async () => {
      const [names, samples, titles] = await drawn(shown);
      const between = Math.min(...titles.map(({ top }) => top)) - Math.max(...names.map((box) => box.bottom));
      assert.ok(between >= 0 && between < PIXELS_BETWEEN, `${between} pixels between`);
      assert.ok(names.every(({ top }) => top >= 0));
      assert.ok(names.every(({ right }) => right <= figure.width * PIXELS_PER_INCH));
      for (const name of names) {
        const beside = samples.filter(({ top, bottom }) => top < name.bottom && bottom > name.top);
        const next = beside.filter(({ left }) => left > name.left);
        assert.ok(next.every(({ left }) => left >= name.right)); // a name ends before the next sample of a line
      }
    });
  }
}

for (const panels of [1, 2, 5])
  test(`names beside the lines of ${panels} panels stay inside the figure`, async () => {
    const figure = figureOf(panels, short.slice(0, 2));
    const [names, , titles] = await drawn(figure);
    assert.deepEqual([names.length, titles.length], [0, panels + 3]);
    assert.ok(titles.every(({ right }) => right <= figure.width * PIXELS_PER_INCH));
  });

test('names too long to stand beside their lines have a legend', async () => {
  const [names] = await drawn(figureOf(1, long.slice(0, 2)));
  assert.equal(names.length, 3);
});
