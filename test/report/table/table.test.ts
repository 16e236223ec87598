import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toCsv, toHtml, toLatex, toMarkdown } from '../../../lib/report/table/formats';
import { type Cell, type Column, printCells, type Table } from '../../../lib/report/table/table';

const scores: Table = {
  name: 'scores',
  caption: 'Scores & shares.',
  columns: [
    { key: 'method', label: 'Method' },
    { key: 'share', label: 'Share', digits: 1, style: 'percent' },
    { key: 'hr', label: 'HR@5', digits: 2, best: 'highest' },
  ],
  rows: [
    { method: 'A', share: 0.0942, hr: { mean: 0.25, sd: 0.015, n: 3 } },
    { method: 'B_2', share: 1, hr: { mean: 0.375, sd: 0.02, n: 3, mark: '*' } },
    { method: 'C', share: null, hr: { mean: 0.1, sd: 0, n: 1 } },
  ],
  note: 'p < 0.05',
};

/** The whole of a text, without the indentation of this file. */
const lines = (...text: readonly string[]) => `${text.join('\n')}\n`;

test('a table in CSV keeps full precision and gives spread, runs and marks columns of their own', () =>
  assert.equal(
    toCsv(scores),
    lines(
      'Method,Share,HR@5,HR@5 sd,HR@5 n,HR@5 mark',
      ...['A,0.0942,0.25,0.015,3,', 'B_2,1,0.375,0.02,3,*', 'C,,0.1,0,1,'],
    ),
  ));

test('a table in LaTeX uses booktabs, escapes text and prints the best value bold', () =>
  assert.equal(
    toLatex(scores),
    lines(
      ...['\\begin{table}', '  \\centering', '  \\caption{Scores \\& shares.}', '  \\label{tab:scores}'],
      ...['  \\begin{tabular}{lrr}', '    \\toprule', '    Method & Share & HR@5 \\\\', '    \\midrule'],
      '    A & 9.4\\% & 0.25 $\\pm$ 0.02 \\\\',
      '    B\\_2 & 100.0\\% & \\textbf{0.38} $\\pm$ 0.02\\textsuperscript{*} \\\\',
      ...['    C & – & 0.10 \\\\', '    \\bottomrule', '  \\end{tabular}'],
      ...['  \\par\\smallskip\\footnotesize p $<$ 0.05', '\\end{table}'],
    ),
  ));

test('a table in Markdown is aligned, escaped and marks the best value', () =>
  assert.equal(
    toMarkdown(scores),
    lines(
      ...['Scores & shares.', ''],
      '| Method |  Share |              HR@5 |',
      '| :----- | -----: | ----------------: |',
      '| A      |   9.4% |       0.25 ± 0.02 |',
      '| B\\_2   | 100.0% | **0.38** ± 0.02\\* |',
      '| C      |      – |              0.10 |',
      ...['', 'p \\< 0.05'],
    ),
  ));

test('a table in HTML is escaped and marks the best value', () => {
  const html = toHtml(scores).replaceAll(' style="text-align:right;white-space:nowrap"', ' class=R');
  assert.equal(
    html.replaceAll(
      / style="text-align:(left|right)"/g,
      (_, side) => ` class=${side === 'left' ? 'L' : 'r'}`,
    ),
    [
      '<table><caption>Scores &amp; shares.</caption>',
      '<thead><tr><th class=L>Method</th><th class=r>Share</th><th class=r>HR@5</th></tr></thead>',
      '<tbody><tr><td class=L>A</td><td class=R data-value="0.0942">9.4%</td><td class=R data-value="0.25">0.25 ± 0.02</td></tr>' +
        '<tr><td class=L>B_2</td><td class=R data-value="1">100.0%</td><td class=R data-value="0.375"><b>0.38</b> ± 0.02<sup>*</sup></td></tr>' +
        '<tr><td class=L>C</td><td class=R>–</td><td class=R data-value="0.1">0.10</td></tr></tbody></table>',
      '<p><small>p &lt; 0.05</small></p>',
    ].join('\n'),
  );
});

test('a table wider than a column of the paper spans both, and one wider than both is scaled', () => {
  const withHeader = (letters: number) => toLatex(tableOf({ key: 'a', label: 'x'.repeat(letters) }, 1));
  assert.match(withHeader(46), /^\\begin\{table\}/);
  assert.match(withHeader(47), /^\\begin\{table\*\}[\s\S]*\\end\{table\*\}\n$/);
  assert.doesNotMatch(withHeader(98), /resizebox/);
  assert.match(
    withHeader(99),
    /\\resizebox\{\\textwidth\}\{!\}\{%\n +\\begin\{tabular\}[\s\S]*lar\}\n +\}\n/,
  );
});

test('signs that LaTeX’s encodings lack or take for others are set as mathematics, a bracket not as an argument', () => {
  const columns = [
    { key: 'a', label: 'ϑ, ν' },
    { key: 'b', label: 'τ', digits: 3 },
  ];
  const latex = toLatex({
    name: 'a',
    caption: 'A ≈ B | C ≫ D ▼',
    columns,
    rows: [{ a: '[A] > B', b: -0.5 }],
  });
  assert.match(latex, /A \$\\approx\$ B \$\|\$ C \$\\gg\$ D \$\\bigtriangledown\$/);
  assert.match(latex, /\$\\vartheta\$, \$\\nu\$ & \$\\tau\$/);
  assert.match(latex, /\n {4}\{\}\[A\] \$>\$ B & \$-\$0\.500 \\\\\n/);
});

test('a number that is printed as zero has no sign, and a p-value is not printed as zero', () => {
  const printed = (column: Column, ...cells: number[]) =>
    printCells(tableOf(column, ...cells)).map(([{ text }]) => text);
  assert.deepEqual(printed({ key: 'd', label: 'd', digits: 3 }, -0.0004, -0.0006), ['0.000', '-0.001']);
  assert.deepEqual(printed({ key: 'users', label: 'Users' }, 99057), ['99,057']);
  const p: Column = { key: 'p', label: 'p', digits: 4, style: 'p' };
  assert.deepEqual(printed(p, 0.00004, 0.00006), ['<0.0001', '0.0001']);
  const fraction: Column = { key: 'Acc', label: 'Acc', digits: 3, style: 'fraction' };
  assert.deepEqual(printed(fraction, 0.7364, 1, -0.12, -0.0001), ['.736', '1.000', '−.120', '.000']);
});

const tableOf = (column: Column, ...cells: Cell[]): Table => ({
  ...{ name: 'one', caption: '', columns: [column] },
  rows: cells.map((cell) => ({ [column.key]: cell })),
});

test('hostile text stays text in every format', () => {
  const films = (title: string) => ({ ...tableOf({ key: 'title', label: 'Title' }, title), caption: title });
  assert.match(toHtml(films('<script>')), /<td [^>]*>&lt;script&gt;<\/td>/);
  assert.doesNotMatch(toHtml(films('<script>')), /<script>/);
  assert.match(toMarkdown(films('<b>|`')), /\| \\<b\\>\\\|\\` \|/);
  assert.match(toLatex(films('\\input{x} 5% #$')), /\\textbackslash\{\}input\\\{x\\\} 5\\% \\#\\\$/);
  assert.equal(toCsv(films('a,"b"')), 'Title\n"a,""b"""\n');
  assert.equal(toCsv(films('=SUM(A1)')), `Title\n"'=SUM(A1)"\n`);
});

test('two values that print alike are both bold, and a lone value is not', () => {
  const loss: Column = { key: 'loss', label: 'Loss', digits: 1, best: 'lowest' };
  assert.equal(toHtml(tableOf(loss, 0.31, 0.29, 0.5)).match(/<b>0\.3<\/b>/g)?.length, 2);
  assert.doesNotMatch(toHtml(tableOf(loss, 0.3)), /<b>/);
});
