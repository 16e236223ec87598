import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { after, before, test } from 'node:test';
import { inflateSync } from 'node:zlib';
import crc32 from 'crc-32';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { exportFigure, exportTable } from '../../lib/report/export';
import { closeBrowser } from '../../lib/report/figure/browser';
import { convergenceFigure } from '../../lib/report/figure/convergenceFigure';
import { isAsExported, sealIn } from '../../lib/report/provenance/embed';
import { type Provenance, provenanceIn } from '../../lib/report/provenance/provenance';
import { toCsv, toLatex } from '../../lib/report/table/formats';
import { table1 } from '../../lib/report/table/table1';

const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'report-export-'));
const read = (name: string) => fs.readFileSync(path.join(folder, 'out', name));

const figure = convergenceFigure({
  name: 'tiny',
  caption: 'A caption with <, > & "quotes"',
  panels: [
    {
      title: '<script> & <b>bold</b>',
      xLabel: 'Training steps',
      yLabel: 'HR@5',
      series: [{ label: 'PeterRec', points: [0, 10].map((x) => ({ x, mean: x, low: x - 1, high: x + 1 })) }],
    },
  ],
});

const from = {
  ...{ data: 'made-up', preset: 'quick', out: 'figures/runs/made-up', code: ['c0de'] },
  documents: { 'News-PeterRec-0123456789ab-s1': 'ab12' },
};

before(() => exportFigure(figure, path.join(folder, 'out'), from));
after(async () => {
  await closeBrowser();
  fs.rmSync(folder, { recursive: true });
});

test('the PNG of a figure of 3 1/3 by 1 7/12 inches has 300 pixels an inch', () => {
  const png = read('tiny.png');
  assert.deepEqual(png.subarray(0, 8), Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]));
  assert.deepEqual([png.readUInt32BE(16), png.readUInt32BE(20)], [1000, 475]);
});

test('the PDF is one page of the exact size, with embedded fonts, text as text and nothing as a picture', () => {
  const pdf = read('tiny.pdf').toString('latin1');
  assert.deepEqual(pdf.match(/\/MediaBox \[[^\]]*\]/g), ['/MediaBox [0 0 240 114]']);
  assert.match(pdf, /\/BaseFont \/[A-Z]{6}\+SourceSans3/);
  assert.match(pdf, /\/FontFile2 /);
  assert.doesNotMatch(pdf, /\/Subtype \/(Image|Type3)/);
  assert.ok(streams(pdf).some((content) => /BT[\s\S]* Tj|BT[\s\S]*\]TJ/.test(content)));
});

function streams(pdf: string): string[] {
  const deflated = [...pdf.matchAll(/\/FlateDecode[^>]*>>\s*stream\r?\n([\s\S]*?)\r?\nendstream/g)];
  return deflated.map(([, bytes]) => inflateSync(Buffer.from(bytes, 'latin1')).toString('latin1'));
}

test('the SVG is valid XML of the exact size, holds its text as text and its font inside', () => {
  const svg = read('tiny.svg').toString();
  assert.equal(XMLValidator.validate(svg), true);
  const root = new XMLParser({ ignoreAttributes: false }).parse(svg).svg;
  assert.deepEqual([root['@_width'], root['@_height'], root['@_viewBox']], ['240pt', '114pt', '0 0 320 152']);
  assert.deepEqual(
    [root.title, root['@_aria-label'], root['@_role']],
    [figure.caption, figure.caption, 'img'],
  );
  for (const text of ['Training steps', 'HR@5', 'PeterRec']) {
    assert.ok(svgOutline().includes(`>${text}</text>`), text);
  }
  assert.match(svgOutline(), /src:url\(data:font\/woff2;base64,FONT\)/);
  assert.doesNotMatch(svgOutline(), /(href|src)="?https?:/);
});

/** The SVG without the long part, so that a failing test stays readable. */
function svgOutline(): string {
  return read('tiny.svg')
    .toString()
    .replace(/base64,[^)]*/, 'base64,FONT');
}

test('tags in a title show as text', () => {
  const [, title] = svgOutline().match(/"annotation-text"[^>]*>(.*?)<\/text>/) ?? [];
  assert.equal(title, '&#60;script&#62; &amp; &#60;b&#62;bold&#60;/b&#62;');
});

test('a table becomes three files in a folder that is made for it', async () => {
  const target = path.join(folder, 'new', 'tables');
  const files = exportTable(table1([]), target, from);
  assert.deepEqual(files.map((file) => path.relative(target, file)).sort(), fs.readdirSync(target));
  assert.deepEqual(fs.readdirSync(target), ['table1-data.csv', 'table1-data.md', 'table1-data.tex']);
});

for (const name of ['tiny.svg', 'tiny.pdf', 'tiny.png', 'tiny.csv'])
  test(`${name} carries what it was made from, and whether it is as it was exported`, () => {
    const file = read(name);
    assert.deepEqual(carried(file), from);
    assertTellsChange(file, 30);
  });

/** What a file carries, without its own checksum. */
function carried(file: Buffer) {
  const { own: _, ...found } = provenanceIn(file) as Provenance;
  return found;
}

/** A file is as it was exported, and is not with one byte changed. */
function assertTellsChange(file: Buffer, at: number): void {
  const found = provenanceIn(file) as Provenance;
  assert.equal(isAsExported(file, found), true);
  const changed = Buffer.from(file);
  changed[at] ^= 1;
  assert.equal(isAsExported(changed, found), false);
}

test('CSV and LaTeX carry what they were made from in comments, and are otherwise the table', () => {
  const target = path.join(folder, 'commented');
  exportTable(table1([]), target, from);
  for (const ending of ['csv', 'tex']) {
    const file = fs.readFileSync(path.join(target, `table1-data.${ending}`));
    assert.deepEqual(carried(file), from);
    assertTellsChange(file, ending === 'csv' ? 30 : file.length - 30);
  }
  const csv = fs.readFileSync(path.join(target, 'table1-data.csv'), 'utf8');
  assert.equal(csv.replace(/^# [^,]*\n/m, ''), toCsv(table1([])));
  const tex = fs.readFileSync(path.join(target, 'table1-data.tex'), 'utf8');
  assert.equal(tex.replace(/^% (made-up|peterrec).*\n/gm, ''), toLatex(table1([])));
});

test('the PNG is one chunk longer, with a checksum that fits', () => {
  const png = read('tiny.png');
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

const stampOf = (name: string) => fs.statSync(path.join(folder, 'out', name), { bigint: true }).mtimeNs;

test('what is drawn so and whole stays', async () => {
  const endings = ['svg', 'pdf', 'png', 'csv'];
  const before = endings.map((ending) => stampOf(`tiny.${ending}`));
  await exportFigure(figure, path.join(folder, 'out'), from);
  assert.deepEqual(
    endings.map((ending) => stampOf(`tiny.${ending}`)),
    before,
  );
});

test('what shows something else, comes from other documents or is damaged is drawn anew', async () => {
  const out = path.join(folder, 'out');
  const png = read('tiny.png');
  const others = [
    { figure: { ...figure, caption: 'Another' }, from },
    { figure, from: { ...from, code: ['c0ffee'] } },
    { figure, from },
  ];
  for (const { figure, from } of others) {
    const before = stampOf('tiny.svg');
    await exportFigure(figure, out, from);
    assert.notEqual(stampOf('tiny.svg'), before);
    assert.deepEqual(carried(read('tiny.pdf')), from);
    assert.match(read('tiny.pdf').toString('latin1'), /\/CreationDate \(D:20000101/); // not when it was drawn
  }
  const svg = read('tiny.svg');
  fs.writeFileSync(path.join(out, 'tiny.png'), png.subarray(0, 100));
  fs.writeFileSync(path.join(out, 'tiny.svg'), svg.toString().replace('PeterRec', 'PeterWreck'));
  await exportFigure(figure, out, from);
  assert.deepEqual([read('tiny.png'), sealIn(read('tiny.svg').toString())], [png, sealIn(svg.toString())]);
  fs.writeFileSync(path.join(out, 'tiny.svg'), svg.toString().replace('PeterRec', 'PeterWreck'));
  await exportFigure(figure, out, from);
  assert.doesNotMatch(read('tiny.svg').toString(), /PeterWreck/);
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
