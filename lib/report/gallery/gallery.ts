/** The page of a run's folder, OUT/index.html: its answers, figures and tables in the order of the notebooks. */
import path from 'node:path';
import escapeHtml from 'escape-html';
import MarkdownIt from 'markdown-it';
import { documentsOf } from '../../documents/store';
import { writeWhole } from '../../files/whole';
import { type ExecutedNotebook, readExecuted, type Shown } from './executedNotebook';
import { MARK_STYLE, STYLE } from './galleryStyle';
import { byNumber, filesOf, isShownAs, type Product, productsOf, stems } from './products';

/** Raw HTML in Markdown is shown as text. */
const markdown = new MarkdownIt({ html: false });

/** First answers, which stand on the page before others: the folder of OUT that they lie in, and what marks them. */
export type Provisional = { readonly folder: string; readonly mark: string };

/** Writes the page anew and returns its path. It refers to files of OUT only, so it opens from a disk. */
export function writeGallery(out: string, provisional?: Provisional): string {
  const page = path.join(out, 'index.html');
  writeWhole(page, galleryPage(out, provisional));
  return page;
}

type Section = { readonly name: string; readonly title: string; readonly parts: readonly Part[] } & Pick<
  ExecutedNotebook,
  'answer'
> & {
    /** The notebook's place in OUT. */
    readonly file: string;
    readonly mark?: string | undefined;
  };
/** What a section shows: figures, tables, and Markdown. */
type Part = Product | string;

function galleryPage(out: string, provisional?: Provisional): string {
  const products = productsOf(out);
  const own = sectionsIn(out, '', products);
  const first = provisional ? firstSections(out, provisional) : [];
  const isFirst = ({ name }: Section) => first.some((section) => section.name === name);
  const sections = [...first, ...own.filter((section) => !isFirst(section))].sort((a, b) =>
    byNumber(a.name, b.name),
  );
  const others = products.filter((product) => !own.some(({ parts }) => parts.includes(product)));
  const rest =
    others.length === 0
      ? []
      : ['<section><h2>More</h2>', ...others.map((part) => draw(out, part)), '</section>'];
  return [
    ...head(out, provisional),
    ...sections.map((section) => drawSection(out, section)),
    ...(provisional ? [] : rest),
    '</main></html>',
    '',
  ].join('\n');
}

/** What the notebooks in a folder of OUT show. */
const sectionsIn = (out: string, folder: string, products: readonly Product[], mark?: string): Section[] =>
  stems(path.join(out, folder, 'notebooks'), '.ipynb').map((name) => {
    const file = path.posix.join(folder, 'notebooks', `${name}.ipynb`);
    return { ...sectionOf(path.join(out, file), name, products), file, mark };
  });

/** The first answers that are there. */
const firstSections = (out: string, { folder, mark }: Provisional): Section[] =>
  sectionsIn(out, folder, productsOf(out, folder), mark).filter(({ answer }) => answer !== undefined);

function head(out: string, provisional?: Provisional): string[] {
  const runs = documentsOf(out);
  const listed = (key: 'data' | 'preset' | 'seed') =>
    [...new Set(runs.map((run) => String(run[key])))].sort(byNumber).join(', ');
  const title = escapeHtml(`PeterRec on ${listed('data')}`);
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ...(provisional ? ['<meta http-equiv="refresh" content="30">'] : []),
    `<title>${title}</title><style>${STYLE}${provisional ? MARK_STYLE : ''}</style></head><main><h1>${title}</h1>`,
    `<p>Preset ${escapeHtml(listed('preset'))}, seeds ${listed('seed')}: ${runs.length} <a href="results/">result documents</a>.</p>`,
    ...(provisional
      ? [marked(`${provisional.mark}: the other seeds are being computed, and this page loads itself again.`)]
      : []),
  ];
}

const marked = (mark: string) => `<p class="provisional">${escapeHtml(mark)}</p>`;

function sectionOf(file: string, name: string, products: readonly Product[]) {
  const { title, shown, answer } = readExecuted(file);
  const partsOf = ({ kind, text }: Shown): readonly Part[] =>
    kind === 'words' ? [text] : products.filter((product) => isShownAs(product, text)).slice(0, 1);
  return { name, title: title || name, answer, parts: shown.flatMap(partsOf) };
}

/** The answer stands before what it is drawn from. */
function drawSection(out: string, { name, title, answer, parts, file, mark }: Section): string {
  const said = answer ?? 'This notebook did not run to its end.';
  return [
    `<section id="${escapeHtml(name)}"><h2>${escapeHtml(title)}</h2>`,
    ...(mark ? [marked(mark)] : []),
    `<div class="answer">${markdown.render(said)}</div>`,
    ...parts.map((part) => draw(out, part)),
    `<p class="files">${link('The executed notebook', file)}</p></section>`,
  ].join('\n');
}

function draw(out: string, part: Part): string {
  if (typeof part === 'string') return markdown.render(part);
  const { kind, name, folder, content } = part;
  const files = filesOf(out, part).map(({ label, file }) => link(label, file));
  const links = `<p class="files">${escapeHtml(name)}: ${files.join(' · ')}</p>`;
  if (kind === 'tables') return `<article>${markdown.render(content)}${links}</article>`;
  const picture = `<img src="${address(path.posix.join(folder, 'figures', `${name}.svg`))}" alt="${content}">`;
  return `<figure>${picture}<figcaption>${content}</figcaption>${links}</figure>`;
}

const address = (file: string) => escapeHtml(file.split('/').map(encodeURIComponent).join('/'));
const link = (label: string, file: string) => `<a href="${address(file)}">${escapeHtml(label)}</a>`;
