/** The page of a run's folder, OUT/index.html: its answers, figures and tables in the order of the notebooks. */
import path from 'node:path';
import escapeHtml from 'escape-html';
import MarkdownIt from 'markdown-it';
import { documentsOf } from '../../documents/store';
import { writeWhole } from '../../files/whole';
import { type ExecutedNotebook, readExecuted, type Shown } from './executedNotebook';
import { STYLE } from './galleryStyle';
import { byNumber, filesOf, isShownAs, type Product, productsOf, stems } from './products';

/** Raw HTML in Markdown is shown as text. */
const markdown = new MarkdownIt({ html: false });

/** Writes the page anew and returns its path. It refers to files of OUT only, so it opens from a disk. */
export function writeGallery(out: string): string {
  const page = path.join(out, 'index.html');
  writeWhole(page, galleryPage(out));
  return page;
}

type Section = { readonly name: string; readonly title: string; readonly parts: readonly Part[] } & Pick<
  ExecutedNotebook,
  'answer'
>;
/** What a section shows: figures, tables, and Markdown. */
type Part = Product | string;

function galleryPage(out: string): string {
  const products = productsOf(out);
  const sections = stems(path.join(out, 'notebooks'), '.ipynb').map((name) => sectionOf(out, name, products));
  const others = products.filter((product) => !sections.some(({ parts }) => parts.includes(product)));
  const rest =
    others.length === 0
      ? []
      : ['<section><h2>More</h2>', ...others.map((part) => draw(out, part)), '</section>'];
  return [
    ...head(out),
    ...sections.map((section) => drawSection(out, section)),
    ...rest,
    '</main></html>',
    '',
  ].join('\n');
}

function head(out: string): string[] {
  const runs = documentsOf(out);
  const listed = (key: 'data' | 'preset' | 'seed') =>
    [...new Set(runs.map((run) => String(run[key])))].sort(byNumber).join(', ');
  const title = escapeHtml(`PeterRec on ${listed('data')}`);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    `<title>${title}</title><style>${STYLE}</style></head><main><h1>${title}</h1>`,
    `<p>Preset ${escapeHtml(listed('preset'))}, seeds ${listed('seed')}: ${runs.length} <a href="results/">result documents</a>.</p>`,
  ];
}

function sectionOf(out: string, name: string, products: readonly Product[]): Section {
  const { title, shown, answer } = readExecuted(path.join(out, 'notebooks', `${name}.ipynb`));
  const partsOf = ({ kind, text }: Shown): readonly Part[] =>
    kind === 'words' ? [text] : products.filter((product) => isShownAs(product, text)).slice(0, 1);
  return { name, title: title || name, answer, parts: shown.flatMap(partsOf) };
}

/** The answer stands before what it is drawn from. */
function drawSection(out: string, { name, title, answer, parts }: Section): string {
  const said = answer ?? 'This notebook did not run to its end.';
  return [
    `<section id="${escapeHtml(name)}"><h2>${escapeHtml(title)}</h2>`,
    `<div class="answer">${markdown.render(said)}</div>`,
    ...parts.map((part) => draw(out, part)),
    `<p class="files">${link('The executed notebook', `notebooks/${name}.ipynb`)}</p></section>`,
  ].join('\n');
}

function draw(out: string, part: Part): string {
  if (typeof part === 'string') return markdown.render(part);
  const { kind, name, content } = part;
  const files = filesOf(out, part).map(({ label, file }) => link(label, file));
  const links = `<p class="files">${escapeHtml(name)}: ${files.join(' · ')}</p>`;
  if (kind === 'tables') return `<article>${markdown.render(content)}${links}</article>`;
  const picture = `<img src="${address(`figures/${name}.svg`)}" alt="${content}">`;
  return `<figure>${picture}<figcaption>${content}</figcaption>${links}</figure>`;
}

const address = (file: string) => escapeHtml(file.split('/').map(encodeURIComponent).join('/'));
const link = (label: string, file: string) => `<a href="${address(file)}">${escapeHtml(label)}</a>`;
