import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import crc32 from 'crc-32';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { exportFigure, exportTable } from '../../lib/report/export';
import { closeBrowser } from '../../lib/report/figure/browser';
import { convergenceFigure } from '../../lib/report/figure/convergenceFigure';
import { isAsExported, type Provenance, provenanceIn } from '../../lib/report/provenance';
import { toCsv, toLatex } from '../../lib/report/table/formats';
import { table1 } from '../../lib/report/table/table1';
import { folderWith } from '../data/folders';

const folder = folderWith({});
const read = (name: string) => fs.readFileSync(path.join(folder, 'out', name));

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

const from = {
  ...{ data: 'made-up', preset: 'quick', out: 'figures/runs/made-up', code: ['c0de'] },
  documents: { 'News-PeterRec-0123456789ab-s1': 'ab12' },
};

before(() => exportFigure(figure, path.join(folder, 'out'), from));
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

/** A file carries `from`, is as it was exported, and is not with one byte changed. */
function assertCarries(file: Buffer, at: number): void {
  const found = provenanceIn(file) as Provenance;
  const { own: _, ...carried } = found;
  assert.deepEqual(carried, from);
  assert.equal(isAsExported(file, found), true);
  const changed = Buffer.from(file);
  changed[at] ^= 1;
  assert.equal(isAsExported(changed, found), false);
}

test('figures and tables carry what they were made from, and whether they are as they were exported', () => {
  for (const ending of ['svg', 'pdf', 'png', 'csv']) assertCarries(read(`tiny.${ending}`), 30);
  const tables = path.join(folder, 'new', 'tables');
  const files = exportTable(table1([]), tables, from);
  const names = files.map((file) => path.relative(tables, file));
  assert.deepEqual(names, ['table1-data.csv', 'table1-data.tex', 'table1-data.md']);
  const [csv, tex] = files.map((file) => fs.readFileSync(file));
  assertCarries(csv, 30);
  assertCarries(tex, tex.length - 30);
  assert.equal(csv.toString().replace(/^# [^,]*\n/m, ''), toCsv(table1([])));
  assert.equal(tex.toString().replace(/^% (made-up|peterrec).*\n/gm, ''), toLatex(table1([])));
});

test('the PNG has 300 pixels an inch, and one chunk more with a checksum that fits', () => {
  const png = read('tiny.png');
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1000, 475]); // 3 1/3 by 1 7/12 inches
  const types: string[] = [];
  for (let at = 8; at < png.length; at += 12 + png.readUInt32BE(at)) {
    const end = at + 8 + png.readUInt32BE(at);
    types.push(png.toString('latin1', at + 4, at + 8));
    assert.equal(crc32.buf(png.subarray(at + 4, end)), png.readInt32BE(end));
  }
  assert.deepEqual([types[0], types[1], types.at(-1)], ['IHDR', 'tEXt', 'IEND']);
});

test('the last table of places of the PDF leads to the information, and to the table before it', () => {
  const pdf = read('tiny.pdf').toString('latin1');
  const start = Number(pdf.match(/startxref\n(\d+)\n%%EOF\n$/)?.[1]);
  const [, number, place] = /^xref\n(\d+) 1\n(\d{10}) 00000 n \n/.exec(pdf.slice(start)) ?? [];
  assert.ok(pdf.startsWith(`${number} 0 obj\n<<`, Number(place)));
  const [, previous] = /\/Prev (\d+)>>\nstartxref/.exec(pdf.slice(start)) ?? [];
  assert.ok(pdf.startsWith('xref', Number(previous)));
});

test('figures asked for at the same time come out whole, one after the other', async () => {
  const names = ['one', 'two', 'three'];
  await Promise.all(names.map((name) => exportFigure({ ...figure, name }, path.join(folder, 'out'), from)));
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
