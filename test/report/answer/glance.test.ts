import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Row } from '../../../lib/report/answer/answer';
import { answerHtml, glanceHtml } from '../../../lib/report/answer/glance';

const row = (claim: string, ...cells: Row['cells']): Row => ({ claim, paper: 'holds', cells });
const answer = (rows: Row[]): Answer => ({
  ...{ question: 'Is it so?', sentence: 'Yes, with `quick`.', decided: 1, standing: 1 },
  ...{ notes: ['A <b>note</b>.'], groups: [{ title: 'In the paper', rows }] },
});
const cell = (task: string, state: Row['cells'][number]['state'], difference: number) => ({
  ...{ task, state, difference, isOfPaper: task !== 'Mine' },
});

/** Rows of cells: class and text. */
const cellsIn = (html: string): string[][] =>
  [...html.matchAll(/<tr.*?<\/tr>/g)]
    .slice(1)
    .map(([row]) =>
      [...row.matchAll(/<td(?: class="(\w+)")?[^>]*>(.*?)<\/td>/g)].map(
        ([, kind = '', text]) => `${kind} ${text.replace(/<[^>]*>| /g, '')}`,
      ),
    );

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
    ['holds ▲', 'holds ▲+.031', 'contrary ▼−.020', ' '],
    ['holds ▲', ' ', 'alike ≈+.001', 'unlearnt (∅+.000)'],
  ]);
});

test('a verdict that the whole pool would decide otherwise is marked', () => {
  const marked = { ...cell('ColdRec-1', 'holds', 0.031), inPool: 'contrary' as const };
  const html = glanceHtml([{ answer: answer([row('A > B', marked, cell('AgeEst', 'holds', 0.02))]) }]);
  assert.deepEqual(cellsIn(html)[1].slice(1), ['holds ▲*+.031', 'holds ▲+.020']);
  assert.match(html, /title="the first is better: \+\.031; in the whole pool: the second is better"/);
  assert.match(html, /\* decided otherwise by ranks in the whole pool/);
});

test('names are shown, never run; a question leads to its section', () => {
  const hostile = '<img src=x onerror=alert(1)>';
  const html = glanceHtml([{ answer: answer([row(hostile)]), title: hostile, address: '#rq1' }]);
  assert.doesNotMatch(html, /<img/);
  assert.match(html, /<a href="#rq1">&lt;img/);
  assert.doesNotMatch(answerHtml(answer([row(hostile)])), /<img|<b>note/);
});

test('where the paper makes none of the claims there is no column for it', () => {
  const own = { ...row('A > B', cell('AgeEst', 'holds', 0.02)), paper: null };
  const html = glanceHtml([{ answer: answer([own]) }]);
  assert.doesNotMatch(html, /paper/i);
  assert.deepEqual(cellsIn(html).slice(1), [['holds ▲+.020']]);
});
