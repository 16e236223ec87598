/** The page of a run's folder, OUT/index.html: all answers at a glance, each question, the data, and how it was computed. */
import fs from 'node:fs';
import path from 'node:path';
import escapeHtml from 'escape-html';
import MarkdownIt from 'markdown-it';
import { writeWhole } from '../../base/whole';
import { seedCount } from '../../evidence/aggregate';
import type { Result } from '../../experiments/documents/document';
import { CRATE, filesOf as filesOfSeed, packedSeeds } from '../../experiments/documents/packedForm';
import { documentsOf } from '../../experiments/documents/results';
import { type Answer, BEST_SETTING } from '../answer/answer';
import { GLANCE_STYLE, glanceHtml, inline, isInPaper } from '../answer/glance';
import { isPacked } from '../packedSet';
import { MARK_STYLE, STYLE } from './galleryStyle';
import { byNumber, filesOf, type Product } from './products';

/** Raw HTML in Markdown is shown as text. */
const markdown = new MarkdownIt({ html: false });

/** A figure, a table, or Markdown. */
export type Piece = Product | string;

/** A question on the page. */
export type Section = {
  /** By which its notebook is called. */
  readonly name: string;
  readonly title: string;
  /** A sentence in Markdown. */
  readonly about?: string;
  /** In words where there is none yet. */
  readonly answer?: Answer | string;
  readonly main: readonly Piece[];
  readonly details: readonly Piece[];
  /** Of an answer by the first seed alone. */
  readonly mark?: string | undefined;
  /** Whether a cell of its notebook has failed. */
  readonly hasFailed?: boolean;
};
type Answered = Section & { readonly answer: Answer };

const isAnswered = (section: Section): section is Answered => typeof section.answer === 'object';

export type Page = {
  readonly sections: readonly Section[];
  /** Tables of the data. */
  readonly data: readonly Product[];
  /** Of first answers: which seeds they are of, while the others are trained. */
  readonly mark?: string | undefined;
};

/** Writes the page anew and returns its path. It refers to files of OUT only, so it opens from a disk. */
export function writeGallery(out: string, page: Page): string {
  const file = path.join(out, 'index.html');
  writeWhole(file, galleryPage(out, page, documentsOf(out)));
  return file;
}

/** The page, with links to the files that are there. */
export function galleryPage(
  out: string,
  { sections: unordered, data, mark }: Page,
  runs: readonly Result[],
): string {
  const sections = [...unordered].sort(inPageOrder);
  const answered = sections.filter(isAnswered);
  const title = escapeHtml(`PeterRec on ${distinct(runs, (run) => run.data).join(', ')}`);
  const style = `${STYLE}${GLANCE_STYLE}${mark ? MARK_STYLE : ''}`;
  const [hasAnswers, hasData] = [answered.length > 0, data.length > 0];
  return joined([
    '<!doctype html><html lang="en"><head><meta charset="utf-8">',
    '<meta name="viewport" content="width=device-width, initial-scale=1">',
    mark && '<meta http-equiv="refresh" content="30">',
    `<title>${title}</title><style>${style}</style></head><main><h1>${title}</h1>`,
    mark && marked(`${mark}: the other seeds are being computed, and this page loads itself again.`),
    contents([
      ...(hasAnswers ? [{ name: 'glance', title: 'At a glance' }] : []),
      ...sections,
      ...(hasData ? [{ name: 'data', title: 'The data' }] : []),
      { name: 'computed', title: 'How it was computed' },
    ]),
    hasAnswers && atAGlance(answered, mark ?? seedCount(runs)),
    ...sections.map((section) => drawSection(out, section)),
    hasData && `<section id="data"><h2>The data</h2>${drawAll(out, data).join('')}</section>`,
    computed(out, runs),
    '</main></html>\n',
  ]);
}

/** Lines of HTML, without those of conditions that do not hold. */
const joined = (lines: readonly (string | false | undefined)[]): string => lines.filter(Boolean).join('\n');

/** Questions with answers first, by their names. */
const inPageOrder = (a: Section, b: Section): number =>
  Number(isAnswered(b)) - Number(isAnswered(a)) || byNumber(a.name, b.name);

/** The distinct values of runs, in order. */
const distinct = (runs: readonly Result[], of: (run: Result) => string | number | undefined) =>
  [...new Set(runs.flatMap((run) => of(run) ?? []))].map(String).sort(byNumber);

const anchor = ({ name, title }: Pick<Section, 'name' | 'title'>) =>
  `<a href="#${escapeHtml(name)}">${escapeHtml(title)}</a>`;

const contents = (entries: readonly Pick<Section, 'name' | 'title'>[]): string =>
  `<nav><ul>${entries.map((entry) => `<li>${anchor(entry)}</li>`).join('')}</ul></nav>`;

/** All answers in one figure, and below it a sentence for each. */
function atAGlance(sections: readonly Answered[], seeds: string): string {
  const glanced = sections.map((section) => ({
    ...section,
    address: `#${encodeURIComponent(section.name)}`,
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

/** The answer stands before what it is drawn from. */
function drawSection(out: string, section: Section): string {
  const { name, title, about, answer, main, details, mark, hasFailed } = section;
  const notebook = path.posix.join('notebooks', `${name}.ipynb`);
  const isThere = fs.existsSync(path.join(out, notebook));
  return joined([
    `<section id="${escapeHtml(name)}"><h2>${escapeHtml(title)}</h2>`,
    mark && marked(mark),
    about && markdown.render(about),
    answer && `<div class="answer">${answerText(answer)}</div>`,
    ...drawAll(out, main),
    ...folded('Details', drawAll(out, details)),
    isThere &&
      `<p class="files">${link('The executed notebook', notebook)}${hasFailed ? ' did not run to its end' : ''}</p>`,
    '</section>',
  ]);
}

const answerText = (answer: Answer | string): string =>
  typeof answer === 'string'
    ? markdown.render(answer)
    : [`<b>${inline(answer.sentence)}</b>`, ...answer.notes.map(inline)]
        .map((text) => `<p>${text}</p>`)
        .join('');

const folded = (title: string, html: readonly string[]): string[] =>
  html.length === 0 ? [] : [`<details><summary>${title}</summary>`, ...html, '</details>'];

/** From the documents: what, how much, and on which machine. */
function computed(out: string, runs: readonly Result[]): string {
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
    `<p>${runs.length} ${documentsLink(out)}: ${escapeHtml(facts.join('; '))}.`,
    ` <code>npm run trace -- FILE</code>${fs.existsSync(path.join(out, CRATE)) ? `, or ${link(CRATE, CRATE)},` : ''} says from which of them a figure or a table was made.`,
    `${isPacked(out) ? ' <code>npm run verify -- FOLDER</code> computes every number anew.' : ''}</p></section>`,
  ].join('\n');
}

/** Links to what holds the documents. */
function documentsLink(out: string): string {
  if (!isPacked(out)) return '<a href="results/">result documents</a>';
  const files = packedSeeds(out).flatMap((seed) => Object.values(filesOfSeed('', seed)));
  return `result documents and their outcomes (${files.map((file) => link(file, file)).join(', ')})`;
}

const drawAll = (out: string, pieces: readonly Piece[]) => pieces.map((piece) => draw(out, piece));

function draw(out: string, piece: Piece): string {
  if (typeof piece === 'string') return markdown.render(piece);
  const { kind, name, folder, content, width = 0 } = piece;
  const words = escapeHtml(content);
  const files = filesOf(out, piece).map(({ label, file }) => link(label, file));
  const links = `<span class="files">${files.join(' · ')}</span>`;
  if (kind === 'tables')
    return `<article>${withLinks(inScroller(markdown.render(content)), links)}</article>`;
  const look = `style="max-width:${Math.round(width * ENLARGED)}px"`;
  const picture = `<img src="${address(path.posix.join(folder, 'figures', `${name}.svg`))}" alt="${words}" ${look}>`;
  return `<figure><div class="scroller">${picture}</div><figcaption>${words} ${links}</figcaption></figure>`;
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
