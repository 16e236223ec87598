import assert from 'node:assert/strict';
import { test } from 'node:test';
import { XMLParser } from 'fast-xml-parser';
import type { Answer, Row } from '../../../lib/report/answer/answer';
import { answerHtml, answerText, glanceHtml } from '../../../lib/report/answer/glance';

const row = (claim: string, ...cells: Row['cells']): Row => ({ claim, paper: 'holds', cells });
const answer = (rows: Row[]): Answer => ({
  ...{ question: 'Is it so?', sentence: 'Yes, with `quick`.', decided: 1, standing: 1 },
  ...{ notes: ['A <b>note</b>.'], groups: [{ title: 'In the paper', rows }] },
});
const cell = (task: string, state: Row['cells'][number]['state'], difference: number) => ({
  ...{ task, state, difference, isOfPaper: task !== 'Mine' },
});

/** Rows of cells: class and text. */
function cellsIn(html: string): [kind: string, text: string][][] {
  const parsed = new XMLParser({
    ignoreAttributes: false,
    parseTagValue: false,
    isArray: (name) => ['tr', 'td', 'th'].includes(name),
  });
  const { div } = parsed.parse(html.replaceAll('&emsp;', ' '));
  return div.table.tbody.tr.map(({ td = [] }: { td?: object[] }) =>
    td.map((one) => {
      if (typeof one === 'string') return ['', one];
      const { '@_class': kind = '', '#text': text = '', span } = one as Record<string, never>;
      return [kind, `${text}${span ? span['#text'] : ''}`];
    }),
  );
}

test('a cell shows its verdict by colour and sign, and its difference; tasks stand in the order of the paper', () => {
  const html = glanceHtml([
    {
      answer: answer([
        row('A > B', cell('AgeEst', 'contrary', -0.02), cell('ColdRec-1', 'holds', 0.031)),
        row('C ≈ D', cell('AgeEst', 'alike', 0.001), cell('Mine', 'unlearnt', 0)),
      ]),
    },
  ]);
  const heads = [...html.matchAll(/<th scope="col"[^>]*>([^<]*)/g)].map(([, text]) => text);
  assert.deepEqual(heads, ['Claim', 'Paper', 'ColdRec-1', 'AgeEst', 'Mine']);
  assert.deepEqual(cellsIn(html).slice(1), [
    [
      ['holds', '▲'],
      ['holds', '▲+.031'],
      ['contrary', '▼−.020'],
      ['', ''],
    ],
    [
      ['holds', '▲'],
      ['', ''],
      ['alike', '≈+.001'],
      ['unlearnt', '(∅)+.000'],
    ],
  ]);
});

test('names are shown, never run; a question leads to its section', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const html = glanceHtml([{ answer: answer([row(hostile)]), title: hostile, address: '#rq1' }]);
  assert.doesNotMatch(html, /<img/);
  assert.match(html, /<a href="#rq1">&lt;img/);
  assert.doesNotMatch(answerHtml(answer([row(hostile)])), /<img|<b>note/);
});

test('of two hundred rows thirty are shown, the decided first, and the rest is counted', () => {
  const rows = [...Array(200)].map((_, i) =>
    row(`${i} > base`, cell('A', i === 150 ? 'holds' : 'undecided', 0)),
  );
  const html = glanceHtml([{ answer: answer(rows) }]);
  assert.equal(html.match(/scope="row"/g)?.length, 30);
  assert.ok(html.indexOf('150 &gt; base') < html.indexOf('0 &gt; base') || html.includes('>150 &gt; base'));
  assert.match(html, /170 more in the table of claims/);
});

test('as text it has question, sentence, a line a claim and the notes', () => {
  assert.equal(
    answerText(answer([row('A > B', cell('AgeEst', 'contrary', -0.02))])),
    'Is it so? Yes, with `quick`.\nIn the paper:\n  A > B: AgeEst ▼ −0.020\nA <b>note</b>.',
  );
});
