/** At a glance: the claims of some questions as a table of coloured cells. */
import escapeHtml from 'escape-html';
import MarkdownIt from 'markdown-it';
import { tasksOf } from '../../evidence/aggregate';
import { type Answer, type Row, STATES, type State, signed } from './answer';

/** Raw HTML in Markdown is shown as text. */
const markdown = new MarkdownIt({ html: false });

/** An answer, and where on the page its question is treated. */
export type Glanced = { readonly answer: Answer; readonly title?: string; readonly address?: string };

/** Dark, light and white tell the states apart in grey. Inline: JupyterLab drops style sheets of notebooks that it does not trust. */
const LOOKS: Readonly<Record<State, string>> = {
  holds: 'background-color:#0072b2;color:#fff',
  alike: 'background-color:#cfe8f7;color:#000',
  contrary: 'background-color:#e69f00;color:#000;font-weight:bold',
  undecided: 'background-color:#f4f4f4;color:#555',
  unlearnt: 'background-color:#ddd;color:#000',
};

const lookOf = (state: State) => `class="${state}" style="text-align:center;${LOOKS[state]}"`;

/** The rest; two classes deep, so that JupyterLab's own rules for tables do not win. */
export const GLANCE_STYLE = `
.glance { overflow-x: auto; }
.glance .claims { table-layout: auto; border-collapse: separate; border-spacing: 2px 1px; font-size: 0.8rem; line-height: 1.2; font-variant-numeric: tabular-nums; border: 0; width: 100%; }
.glance .claims tr { background: none; }
.glance .claims th, .glance .claims td { border: 0; padding: 1px 6px; text-align: center; white-space: nowrap; vertical-align: middle; }
.glance .claims tbody th, .glance .claims .claim { text-align: left; max-width: none; }
.glance .claims tbody th { font-weight: 400; white-space: normal; }
.glance .claims .question th { font-weight: 600; padding-top: 7px; }
.glance .claims .group th { opacity: 0.7; font-style: italic; }
.glance .claims .unlearnt, .glance-key .unlearnt { background-image: repeating-linear-gradient(45deg, #bbb 0 2px, #fff 2px 6px); }
.glance-key { font-size: 0.85rem; }
.glance-key span { padding: 1px 2px; }
@media (max-width: 600px) {
  .glance .claims { table-layout: fixed; font-size: 0.7rem; }
  .glance .claims th, .glance .claims td { padding: 1px; overflow-wrap: anywhere; }
  .glance .claims thead th { font-size: 0.52rem; white-space: normal; overflow-wrap: normal; }
  .glance .claims .claim { width: 30%; }
  .glance .claims .paper { width: 9%; }
  .glance .difference { display: none; }
}
`;

/** Columns: what the paper finds, if it makes one of the claims, and tasks. */
type Columns = { readonly hasPaper: boolean; readonly tasks: readonly string[] };

/** Whether the paper makes one of the claims. */
export const isInPaper = (answer: Answer): boolean =>
  answer.groups.some(({ rows }) => rows.some(({ paper }) => paper !== null));

/** Rows: claims by question. */
export function glanceHtml(glanced: readonly Glanced[]): string {
  const rows = glanced.flatMap(({ answer }) => answer.groups.flatMap((group) => group.rows));
  const tasks = tasksOf(rows.flatMap(({ cells }) => cells));
  const hasPaper = glanced.some(({ answer }) => isInPaper(answer));
  const isOtherInPool = rows.some(({ cells }) => cells.some(({ inPool }) => inPool));
  return [
    '<div class="glance"><table class="claims"><thead><tr>',
    '<th scope="col" class="claim" style="text-align:left">Claim</th>',
    hasPaper ? '<th scope="col" class="paper">Paper</th>' : '',
    ...tasks.map((label) => `<th scope="col">${escapeHtml(label)}</th>`),
    '</tr></thead><tbody>',
    ...glanced.flatMap((one) => questionRows(one, { hasPaper, tasks })),
    '</tbody></table></div>',
    `<p class="glance-key">${[...SIGNS, ...(hasPaper ? OF_PAPER : []), ...(isOtherInPool ? [IN_POOL] : [])].join(' &emsp; ')}</p>`,
  ].join('');
}

/** Meaning of the signs. */
const SIGNS = Object.entries(STATES).map(
  ([state, { sign, means }]) => `<span ${lookOf(state as State)}>&nbsp;${sign}&nbsp;</span> ${means}`,
);
const OF_PAPER = ['– the paper makes no such claim', '(…) the paper claims it of other tasks only'];

const POOL = '*';
const IN_POOL = `${POOL} decided otherwise by ranks in the whole pool`;

function questionRows({ answer, title, address }: Glanced, columns: Columns): string[] {
  const width = 1 + Number(columns.hasPaper) + columns.tasks.length;
  const across = (kind: string, html: string) =>
    `<tr class="${kind}"><th colspan="${width}" style="text-align:left">${html}</th></tr>`;
  const words = escapeHtml(title ?? answer.question);
  return [
    across('question', address ? `<a href="${escapeHtml(address)}">${words}</a>` : words),
    ...answer.groups.flatMap(({ title, rows }) => [
      ...(answer.groups.length > 1 ? [across('group', escapeHtml(title))] : []),
      ...rows.map((row) => claimRow(row, columns)),
    ]),
  ];
}

function claimRow({ claim, paper, cells }: Row, { hasPaper, tasks }: Columns): string {
  const found = tasks.map((task) => {
    const cell = cells.find((one) => one.task === task);
    if (!cell) return '<td></td>';
    const { sign, means } = STATES[cell.state];
    const difference = signed(cell.difference).replace('0.', '.');
    const shown = `${sign}${cell.inPool ? POOL : ''}<span class="difference"> ${difference}</span>`;
    const pool = cell.inPool ? `; in the whole pool: ${STATES[cell.inPool].means}` : '';
    const isAside = paper !== null && !cell.isOfPaper;
    return `<td ${lookOf(cell.state)} title="${means}: ${difference}${pool}">${isAside ? `(${shown})` : shown}</td>`;
  });
  const published = paper === null ? '<td>–</td>' : `<td ${lookOf(paper)}>${STATES[paper].sign}</td>`;
  const row = [
    `<th scope="row" style="text-align:left">${escapeHtml(claim)}</th>`,
    hasPaper ? published : '',
    ...found,
  ];
  return `<tr>${row.join('')}</tr>`;
}

/** One answer by itself, as a notebook shows it. */
export function answerHtml(answer: Answer): string {
  const first = `<b>${inline(answer.question)}</b> ${inline(answer.sentence)}`;
  const paragraphs = [first, ...answer.notes.map(inline)].map((words) => `<p>${words}</p>`);
  return [`<style>${GLANCE_STYLE}</style>`, glanceHtml([{ answer }]), ...paragraphs].join('');
}

/** Markdown of one line; raw HTML in it is shown as text. */
export const inline = (words: string): string => markdown.renderInline(words);
