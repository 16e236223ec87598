/** The page of a run's folder, OUT/index.html: all answers at a glance, each question, the data, and how it was computed. */
import path from 'node:path';
import escapeHtml from 'escape-html';
import MarkdownIt from 'markdown-it';
import { writeWhole } from '../../base/whole';
import { seedCount } from '../../evidence/aggregate';
import { documentsOf, type Result } from '../../experiments/documents/document';
import { type Answer, BEST_SETTING } from '../answer/answer';
import { GLANCE_STYLE, glanceHtml, inline, isInPaper } from '../answer/glance';
import { type ExecutedNotebook, readExecuted, type Shown } from '../notebookFile';
import { MARK_STYLE, STYLE } from './galleryStyle';
import { byNumber, filesOf, isShownAs, type Product, productsOf, stems } from './products';

/** Raw HTML in Markdown is shown as text. */
const markdown = new MarkdownIt({ html: false });

/** First answers on the page: their folder in OUT, and the mark that they bear. */
export type Provisional = { readonly folder: string; readonly mark: string };

/** Writes the page anew and returns its path. It refers to files of OUT only, so it opens from a disk. */
export function writeGallery(out: string, provisional?: Provisional): string {
  const page = path.join(out, 'index.html');
  writeWhole(page, galleryPage(out, provisional));
  return page;
}

/** What a section shows: figures, tables, and Markdown. */
type Piece = Product | string;

/** What a notebook shows; `file`: its path from OUT. */
type Section = Omit<ExecutedNotebook, 'shown'> &
  Readonly<Record<'name' | 'file', string>> & {
    readonly pieces: readonly Piece[];
    readonly mark?: string | undefined;
  };
type Answered = Section & { readonly answer: Answer };

const isAnswered = (section: Section): section is Answered => typeof section.answer === 'object';

function galleryPage(out: string, provisional?: Provisional): string {
  const runs = documentsOf(out);
  const products = productsOf(out);
  const own = sectionsIn(out, products);
  const first = provisional
    ? sectionsIn(out, productsOf(out, provisional.folder), provisional).filter(({ answer }) => answer)
    : [];
  const others = own.filter(({ name }) => !first.some((one) => one.name === name));
  const sections = [...first, ...others].sort(inPageOrder);
  const answered = sections.filter(isAnswered);
  const data = own.some(({ name }) => name === 'data') ? [] : products.filter(isOfData);
  const known = new Set<Piece>([...data, ...own.flatMap(({ pieces }) => pieces)]);
  const more = provisional ? [] : products.filter((product) => !known.has(product));
  const title = escapeHtml(`PeterRec on ${distinct(runs, (run) => run.data).join(', ')}`);
  const style = `${STYLE}${GLANCE_STYLE}${provisional ? MARK_STYLE : ''}`;
  const [hasAnswers, hasData] = [answered.length > 0, data.length > 0];
  return [
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    ...(provisional ? ['<meta http-equiv="refresh" content="30">'] : []),
    `<title>${title}</title><style>${style}</style></head><main><h1>${title}</h1>`,
    ...(provisional
      ? [marked(`${provisional.mark}: the other seeds are being computed, and this page loads itself again.`)]
      : []),
    contents([
      ...(hasAnswers ? [{ name: 'glance', title: 'At a glance' }] : []),
      ...sections,
      ...(hasData ? [{ name: 'data', title: 'The data' }] : []),
      { name: 'computed', title: 'How it was computed' },
    ]),
    ...(hasAnswers ? [atAGlance(answered, provisional?.mark ?? seedCount(runs))] : []),
    ...sections.map((section) => drawSection(out, section)),
    ...(hasData ? [`<section id="data"><h2>The data</h2>${drawAll(out, data).join('')}</section>`] : []),
    computed(runs),
    ...folded('More', drawAll(out, more)),
    '</main></html>',
    '',
  ].join('\n');
}

/** Questions with answers first, by their names; what is said of the data last. */
const inPageOrder = (a: Section, b: Section): number => placeOf(a) - placeOf(b) || byNumber(a.name, b.name);
const placeOf = (section: Section) => (section.name === 'data' ? 2 : isAnswered(section) ? 0 : 1);

/** What notebooks show: those of OUT, or the first answers. */
const sectionsIn = (out: string, products: readonly Product[], first?: Provisional): Section[] =>
  stems(path.join(out, first?.folder ?? '', 'notebooks'), '.ipynb').map((name) => {
    const file = path.posix.join(first?.folder ?? '', 'notebooks', `${name}.ipynb`);
    const { title, shown, answer } = readExecuted(path.join(out, file));
    const piecesOf = ({ kind, text }: Shown): readonly Piece[] =>
      kind === 'words' ? [text] : products.filter((product) => isShownAs(product, text)).slice(0, 1);
    const all = shown.flatMap(piecesOf);
    const pieces = typeof answer === 'object' ? all.filter((piece) => !isOfData(piece)) : all;
    return { name, title: title || name, answer, pieces, file, mark: first?.mark };
  });

/** The distinct values of runs, in order. */
const distinct = (runs: readonly Result[], of: (run: Result) => string | number | undefined) =>
  [...new Set(runs.flatMap((run) => of(run) ?? []))].map(String).sort(byNumber);

const anchor = ({ name, title }: Pick<Section, 'name' | 'title'>) =>
  `<a href="#${escapeHtml(name)}">${escapeHtml(title)}</a>`;

const contents = (entries: readonly Pick<Section, 'name' | 'title'>[]): string =>
  `<nav><ul>${entries.map((entry) => `<li>${anchor(entry)}</li>`).join('')}</ul></nav>`;

/** All answers in one figure, and below it a sentence for each. */
function atAGlance(sections: readonly Answered[], seeds: string): string {
  const glanced = sections.map(({ name, title, answer }) => ({
    answer,
    title,
    address: `#${encodeURIComponent(name)}`,
  }));
  const sentences = sections.map(
    (section) => `<li>${anchor(section)} ${inline(section.answer.sentence)}</li>`,
  );
  const answers = sections.map(({ answer }) => answer);
  return [
    '<section id="glance"><h2>At a glance</h2><figure>',
    glanceHtml(glanced),
    `<figcaption>${escapeHtml(sureness(answers, seeds))}</figcaption></figure>`,
    `<ul class="sentences">${sentences.join('')}</ul></section>`,
  ].join('\n');
}

function sureness(answers: readonly Answer[], seeds: string): string {
  const known = answers.filter(({ standing }) => standing !== null);
  const decided = known.reduce((sum, one) => sum + one.decided, 0);
  const standing = known.reduce((sum, one) => sum + (one.standing ?? 0), 0);
  const isBest = answers.some(({ groups }) => groups.some(({ title }) => title === BEST_SETTING));
  const best = ' Best setting: trained as well as is known, by cross-entropy on the mean of the states.';
  const overall = ` Still decided when corrected over the claims of all questions: ${standing} of ${decided}.`;
  return (
    `Cells: difference of the test metric, first method less second, over ${seeds} (a narrow screen shows signs alone); verdicts at the 5 % level after Holm’s correction ` +
    `over the claims asked together.${answers.some(isInPaper) ? ' “Paper”: what it finds.' : ''}${isBest ? best : ''}${decided > 0 ? overall : ''}`
  );
}

const marked = (mark: string) => `<p class="provisional">${escapeHtml(mark)}</p>`;

/** Table 1 stands with the data, not with a question. */
const isOfData = (piece: Piece) => typeof piece !== 'string' && piece.name === 'table1-data';

/** The answer stands before what it is drawn from. */
function drawSection(out: string, section: Section): string {
  const { name, title, answer = 'This notebook did not run to its end.', file, mark } = section;
  const open = openIn(section);
  const details = section.pieces.filter((piece) => !open.includes(piece));
  const said =
    typeof answer === 'string'
      ? markdown.render(answer)
      : `<p><b>${inline(answer.sentence)}</b></p>${answer.notes.map((note) => `<p>${inline(note)}</p>`).join('')}`;
  return [
    `<section id="${escapeHtml(name)}"><h2>${escapeHtml(title)}</h2>`,
    ...(mark ? [marked(mark)] : []),
    `<div class="answer">${said}</div>`,
    ...drawAll(out, open),
    ...folded('Details', drawAll(out, details)),
    `<p class="files">${link('The executed notebook', file)}</p></section>`,
  ].join('\n');
}

/**
 * What is not folded. Of claims: figures, the paper's tables or else the first one, orders and what papers found, the evidence,
 * without what shows the best setting or the paper's own figures; of the data all to the first table; else everything.
 */
function openIn(section: Section): readonly Piece[] {
  const { name, pieces } = section;
  if (!isAnswered(section))
    return name === 'data'
      ? pieces.slice(0, pieces.findIndex((piece) => typeof piece !== 'string') + 1)
      : pieces;
  const products = pieces.flatMap((piece) =>
    typeof piece === 'string' || /-(best-setting|paper)$/.test(piece.name) ? [] : [piece],
  );
  const figures = products.filter(({ kind }) => kind === 'figures');
  const tables = products.filter(({ kind }) => kind === 'tables');
  const numbered = tables.filter((table) => /^table\d/.test(table.name));
  const isBeside = (table: Product) => /-(published|orders)$/.test(table.name);
  const isEvidence = (figure: Product) => figure.name.endsWith('-evidence');
  return [
    ...figures.filter((figure) => !isEvidence(figure)),
    ...(numbered.length > 0 ? numbered : tables.slice(0, 1)),
    ...tables.filter(isBeside),
    ...figures.filter(isEvidence),
  ];
}

const folded = (title: string, html: readonly string[]): string[] =>
  html.length === 0 ? [] : [`<details><summary>${title}</summary>`, ...html, '</details>'];

/** From the documents: what, how much, and on which machine. */
function computed(runs: readonly Result[]): string {
  const hours = runs.reduce((sum, { seconds }) => sum + seconds, 0) / 3600;
  const machine: readonly ((environment: Result['environment']) => string | undefined)[] = [
    ({ processor }) => processor,
    ({ kernels }) => kernels,
    ({ device }) => device,
    ({ threads }) => `threads ${threads}`,
    ({ versions: { tensorflow } }) => tensorflow && `TensorFlow ${tensorflow}`,
  ];
  const facts = [
    ...distinct(runs, ({ preset }) => `preset ${preset}`),
    `seeds ${distinct(runs, ({ seed }) => seed).join(', ')}`,
    `${hours.toFixed(1)} hours of one process in all`,
    ...machine.flatMap((of) => distinct(runs, ({ environment }) => of(environment))),
  ];
  return [
    '<section id="computed"><h2>How it was computed</h2>',
    `<p>${runs.length} <a href="results/">result documents</a>: ${escapeHtml(facts.join('; '))}.`,
    '<code>npm run trace -- FILE</code> says from which of them a figure or a table was made.</p></section>',
  ].join('\n');
}

const drawAll = (out: string, pieces: readonly Piece[]) => pieces.map((piece) => draw(out, piece));

function draw(out: string, piece: Piece): string {
  if (typeof piece === 'string') return markdown.render(piece);
  const { kind, name, folder, content, width = 0 } = piece;
  const files = filesOf(out, piece).map(({ label, file }) => link(label, file));
  const links = `<span class="files">${files.join(' · ')}</span>`;
  if (kind === 'tables')
    return `<article>${withLinks(inScroller(markdown.render(content)), links)}</article>`;
  const look = `style="max-width:${Math.round(width * ENLARGED)}px"`;
  const picture = `<img src="${address(path.posix.join(folder, 'figures', `${name}.svg`))}" alt="${content}" ${look}>`;
  return `<figure><div class="scroller">${picture}</div><figcaption>${content} ${links}</figcaption></figure>`;
}

/** Behind the note, or below a table that has none. */
const withLinks = (html: string, links: string) =>
  /<\/p>\s*$/.test(html) ? html.replace(/<\/p>\s*$/, ` ${links}</p>`) : `${html}<p>${links}</p>`;

/** A figure of the text width of a paper fills the column of the page. */
const ENLARGED = 1.5;

/** A table that is wider than the page scrolls, its first column stays. */
const inScroller = (html: string) =>
  html.replace('<table>', '<div class="scroller rows"><table>').replace('</table>', '</table></div>');

const address = (file: string) => escapeHtml(file.split('/').map(encodeURIComponent).join('/'));
const link = (label: string, file: string) => `<a href="${address(file)}">${escapeHtml(label)}</a>`;
