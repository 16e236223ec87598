import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { checksumOfFile } from '../../lib/base/sealed';
import { checksumsIn } from '../../lib/experiments/documents/packedForm';
import { causal } from '../../lib/experiments/methods/family';
import { dataIn, drawnIn, type Provenance } from '../../lib/report/crate';
import { exportFigure, exportTable } from '../../lib/report/export';
import { closeBrowser } from '../../lib/report/figure/browser';
import { convergenceFigure } from '../../lib/report/figure/convergenceFigure';
import { table1 } from '../../lib/report/table/table1';
import { folderWith } from '../data/folders';
import { sampleResult } from './sampleResults';

const folder = folderWith({});
const out = path.join(folder, 'out');
const read = (name: string) => fs.readFileSync(path.join(out, 'figures', name));

const figure = convergenceFigure({
  name: 'tiny',
  caption: 'A caption with <, > & "quotes"',
  panels: [
    {
      ...{ title: '<script> & <b>bold</b>', xLabel: 'Training steps', yLabel: 'HR@5' },
      series: [{ label: 'PeterRec', points: [0, 10].map((x) => ({ x, mean: x, low: x - 1, high: x + 1 })) }],
    },
  ],
});

const document = sampleResult({ task: 'News', method: causal.PeterRec, seed: 1, test: {} });
const from: Provenance = {
  data: { name: 'made-up', licence: 'CC0', files: { 'a.inter': 'ab12' } },
  preset: 'quick',
  documents: [{ ...document, instances: 'News-PeterRec-0123456789ab-s1.tsv' }],
};

before(() => exportFigure(figure, out, from));
after(closeBrowser);

test('the PDF is one page of the exact size, with embedded fonts, text as text and nothing as a picture', () => {
  const pdf = read('tiny.pdf').toString('latin1');
  assert.deepEqual(pdf.match(/\/MediaBox \[[^\]]*\]/g), ['/MediaBox [0 0 240 114]']);
  assert.match(pdf, /\/BaseFont \/[A-Z]{6}\+SourceSans3/);
  assert.match(pdf, /\/FontFile2 /);
  assert.doesNotMatch(pdf, /\/Subtype \/(Image|Type3)/);
  const deflated = [...pdf.matchAll(/\/FlateDecode[^>]*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)];
  const streams = deflated.map(([, bytes]) => inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1'));
  assert.ok(streams.some((content) => /BT[\s\S]* Tj|BT[\s\S]*\]TJ/.test(content)));
});

test('the SVG is valid XML of the exact size, holds its text as text and its font inside', () => {
  const svg = read('tiny.svg').toString();
  assert.equal(XMLValidator.validate(svg), true);
  const root = new XMLParser({ ignoreAttributes: false }).parse(svg).svg;
  assert.deepEqual([root['@_width'], root['@_height'], root['@_viewBox']], ['240pt', '114pt', '0 0 320 152']);
  const { caption } = figure;
  assert.deepEqual([root.title, root['@_aria-label'], root['@_role']], [caption, caption, 'img']);
  const outline = svg.replace(/base64,[^)]*/, 'base64,FONT'); // so that a failing test stays readable
  for (const text of ['Training steps', 'HR@5', 'PeterRec'])
    assert.ok(outline.includes(`>${text}</text>`), text);
  assert.match(outline, /src:url\(data:font\/woff2;base64,FONT\)/);
  const [, title] = outline.match(/"annotation-text"[^>]*>(.*?)<\/text>/) ?? [];
  assert.equal(title, '&#60;script&#62; &amp; &#60;b&#62;bold&#60;/b&#62;'); // tags show as text
  assert.doesNotMatch(outline, /(href|src)="?https?:/);
});

test('a folder’s description lists each file with its checksum, and what it was drawn from', async () => {
  const tables = exportTable(table1([]), out, from);
  assert.deepEqual(
    tables.map((file) => path.relative(out, file)),
    ['tables/table1-data.csv', 'tables/table1-data.tex', 'tables/table1-data.md'],
  );
  const sums = checksumsIn(out);
  for (const file of [...tables, path.join(out, 'figures/tiny.pdf')])
    assert.equal(sums.get(path.relative(out, file)), checksumOfFile(file));
  const [drawn, ...others] = drawnIn(out);
  assert.deepEqual(others, []);
  assert.deepEqual(drawn.documents, ['News-PeterRec-0123456789ab-s1']);
  assert.equal(drawn.files.length, 4 + 3);
  await exportFigure(figure, out, { ...from, question: 'rq1' });
  assert.deepEqual(
    drawnIn(out).map(({ name, files }) => [name.replace(/-.*/, ''), files.length]),
    [
      ['drawn', 3],
      ['rq1', 4],
    ],
  );
  assert.deepEqual(dataIn(out), from.data);
});

test('the PNG has 300 pixels an inch', () => {
  const png = read('tiny.png');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1000, 475]); // 3 1/3 by 1 7/12 inches
});

test('figures asked for at the same time come out whole, one after the other', async () => {
  const names = ['one', 'two', 'three'];
  await Promise.all(names.map((name) => exportFigure({ ...figure, name }, out, from)));
  for (const name of names) assert.deepEqual(read(`${name}.png`), read('tiny.png'));
});

test('a program that exports a figure and forgets the browser ends by itself', () => {
  const program = `
    import { renderFigure } from './lib/report/figure/render';
    import { convergenceFigure } from './lib/report/figure/convergenceFigure';
    const panels = [{ title: '', xLabel: '', yLabel: '', series: [] }];
    void renderFigure(convergenceFigure({ name: 'x', caption: '', panels })).then(({ png }) => console.log(png.length > 0));
  `;
  const file = path.join(folder, 'forgetful.ts');
  fs.writeFileSync(file, program.replaceAll('./lib', path.resolve('lib')));
  const { status, stdout } = spawnSync(process.execPath, ['--import', 'tsx', file], { timeout: 180_000 });
  assert.deepEqual([status, stdout.toString()], [0, 'true\n']);
});
