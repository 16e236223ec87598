import assert from 'node:assert/strict';
import { after, test } from 'node:test';
import { alike, better } from '../../../lib/evidence/questions';
import { causal } from '../../../lib/experiments/methods/family';
import { called } from '../../../lib/experiments/methods/identity';
import { closeBrowser } from '../../../lib/report/figure/browser';
import { forest } from '../../../lib/report/figure/forest';
import type { Scatter } from '../../../lib/report/figure/plotly';
import { sampleClaim } from '../sampleClaim';
import { boxesIn, inNotebook } from './drawn';

after(closeBrowser);

const { PeterRec, FineAll } = causal;
const group = (title: string, ...claims: ReturnType<typeof sampleClaim>[]) => ({ title, claims });
const forestOf = (...groups: ReturnType<typeof group>[]) =>
  forest({ name: 'forest', caption: 'Claims.', groups }).spec;
const points = (data: readonly Scatter[]) => data.filter(({ mode }) => mode === 'markers');

const contradicted = { difference: -0.02, verdict: 'does not hold' } as const;

test('a claim is a mark at its difference in the row of its pair and the panel of its task, with its interval', () => {
  const { data, layout } = forestOf(
    group('Paper', sampleClaim({ task: 'AgeEst' }), sampleClaim({ task: 'ColdRec-1', metric: 'HR@5' })),
    group('Beside', sampleClaim({ question: alike(PeterRec, FineAll), task: 'AgeEst', ...contradicted })),
  );
  assert.equal(layout.annotations?.map(({ text }) => text).join(), 'ColdRec-1,AgeEst');
  const names = layout.yaxis.ticktext?.map((text) => text.trim());
  assert.deepEqual(names, ['<b>Paper</b>', 'FineAll &gt; FineZero', '<b>Beside</b>', 'PeterRec ≈ FineAll']);
  assert.deepEqual(
    points(data).map(({ name, xaxis, x, y }) => [name, xaxis, x[0], y[0]]),
    [
      ['the first is better', 'x', 0.031, -1],
      ['the first is better', 'x2', 0.031, -1],
      ['the second is better', 'x2', -0.02, -3],
    ],
  );
  const [{ error_x, x }] = points(data);
  assert.deepEqual([x[0] - (error_x?.arrayminus[0] ?? 0), x[0] + (error_x?.array[0] ?? 0)], [0.017, 0.046]);
  assert.deepEqual([layout.xaxis.title?.text, layout.xaxis2.title?.text], ['HR@5', 'Acc']);
});

test('zero is a line in each panel, the margin of likeness where one is asked', () => {
  const rules = (question = better(PeterRec, FineAll)) =>
    forestOf(group('', sampleClaim({ question })))
      .data.filter(({ mode }) => mode === 'lines')
      .map(({ x }) => x[0]);
  assert.deepEqual(rules(), [0]);
  assert.deepEqual(rules(alike(PeterRec, FineAll)), [0, -0.01, 0.01]);
});

test('five states differ in colour and in mark', () => {
  const verdicts = ['holds', 'does not hold', 'undecided', 'nothing learnt'] as const;
  const claims = verdicts.map((verdict, i) =>
    sampleClaim({ question: better(PeterRec, called(FineAll, `${i}`)), verdict, difference: -0.1 }),
  );
  const { data } = forestOf(group('', ...claims, sampleClaim({ question: alike(PeterRec, FineAll) })));
  for (const property of ['color', 'symbol'] as const)
    assert.equal(new Set(points(data).map(({ marker }) => marker?.[property])).size, 5);
});

test('of two hundred claims those that are decided are drawn, and the caption says how many', () => {
  const claims = [...Array(200)].map((_, i) =>
    sampleClaim({
      task: i > 0 ? 'GenEst' : 'AgeEst', // no panel for a task none of whose claims is drawn
      question: better(called(PeterRec, `variant ${i} ${'x'.repeat(120)}`), FineAll),
      verdict: i === 100 ? 'holds' : 'undecided',
      difference: i / 1000,
    }),
  );
  const { caption, spec, height } = forest({ name: 'many', caption: 'All.', groups: [group('', ...claims)] });
  assert.match(caption, /Shown: 45 of 200 rows\.$/);
  assert.ok(height < 9, `${height} inches`);
  assert.match(String(spec.layout.yaxis.ticktext?.[0]), /^variant 100 x+…\s+$/);
  assert.deepEqual(forestOf(group('')).data, []); // no claims give no panel
});

test('of more tasks than a row has panels, each row of panels has the names of its claims', () => {
  const claims = [...'ABCDEFG'].map((task) => sampleClaim({ task }));
  const { layout } = forestOf(group('', ...claims));
  const names = [...'1234567'].map((i) => layout[`yaxis${i === '1' ? '' : i}`].ticktext?.[0].trim());
  assert.deepEqual(names, ['FineAll &gt; FineZero', '', '', '', '', 'FineAll &gt; FineZero', '']);
});

test('names of claims stay inside the figure, in its own font and in that of a notebook', async () => {
  const first = called(PeterRec, 'WWW PeterRec on the causal trunk');
  const question = better(first, called(FineAll, 'MMM FineAll & so on'));
  const claims = ['A', 'B', 'C'].map((task) => sampleClaim({ task, question }));
  const figure = forest({ name: 'names', caption: '', groups: [group('', ...claims)] });
  for (const drawn of [figure, inNotebook(figure)])
    for (const { left } of (await boxesIn(drawn, '.ytick text'))[0]) assert.ok(left >= 0, `${left} pixels`);
});
