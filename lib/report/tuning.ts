/** Trials and choices of tuning, as a table and as curves. */
import { median } from 'simple-statistics';
import { grouped } from '../base/grouped';
import type { Choice } from '../experiments/methods/presets';
import { RATES } from '../experiments/methods/space';
import { atEnds } from '../experiments/tuning/points';
import { bestOf, byMethod, STAGES, type Trial, type Tuning } from '../experiments/tuning/tune';
import { expectedBest } from '../metrics/expectedBest';
import { type Ridge, ridges } from './figure/ridges';
import type { Figure } from './figure/smallMultiples';
import { columnsOf, type Table } from './table/table';

const KIND_NAMES = { recommend: 'recommendation', classify: 'profiles' } as const;

/** A row a method and kind of task: what was chosen, and its metric beside that of the preset's own point if that came as far. */
export function tuningTable(
  trials: readonly Trial[],
  { data, tasks, seeds }: Pick<Tuning, 'data' | 'tasks' | 'seeds'>,
): Table {
  return {
    name: 'tuning',
    caption: `What was chosen on validation data of ${data} (${tasks.map(({ name }) => name).join(', ')}; ${seeds.length === 1 ? '1 seed' : `${seeds.length} seeds`}).`,
    columns: columnsOf({
      ...{ kind: 'Tasks', method: 'Method', trunk: 'Trunk', trials: 'Trials' },
      ...{ chosen: 'Chosen', border: 'At a border', own: ['Preset’s own', 4], score: ['Best', 4] },
    }),
    rows: byMethod(trials).map((own) => {
      const best = bestOf(own);
      const { experiment, kind, choice, score } = best;
      return {
        kind: KIND_NAMES[kind],
        method: experiment.label,
        trunk: experiment.trunk === 'none' ? '–' : experiment.trunk,
        trials: own.length,
        chosen: choice ? wordsOf(choice) : 'as in the preset',
        border:
          atEnds(
            choice ?? {},
            own.map((trial) => trial.choice),
          ).join(', ') || '–',
        own: own[0].stage === best.stage ? Math.abs(own[0].score) : null,
        score: Math.abs(score),
      };
    }),
    note:
      `Means of what is compared: ${[...new Set(tasks.flatMap(({ kind, metric }) => (kind === 'recommend' ? [metric] : [])))].join(', ')} for ` +
      'recommendation, log-loss for profiles. Preset’s own: if it reached the last stage. At a border: chosen values that are the least or ' +
      'largest tried.',
  };
}

type Rated = Trial & { readonly rate: number };
const rated = (trials: readonly Trial[]): Rated[] =>
  trials.filter((trial): trial is Rated => trial.rate !== undefined && Number.isFinite(trial.first));

/** A figure of rows: each is of trials of a method on tasks of a kind. */
type Drawing = Pick<Parameters<typeof ridges>[0], 'name' | 'x'> & {
  readonly rows: readonly { readonly own: readonly Trial[]; readonly points: Ridge['points'] }[];
  readonly about: string;
};

/** A figure a trunk, a panel a kind of tasks, a row a method; a row is as high as the scores of half of them spread. */
const rowsOf = ({ rows, name, x, about }: Drawing): Figure[] =>
  grouped(rows, ({ own: [{ experiment }] }) => experiment.trunk).map(([trunk, here]) => {
    const labelOf = ({ own: [{ experiment }] }: Drawing['rows'][number]) => experiment.label;
    const panels = Object.entries(KIND_NAMES).flatMap(([kind, title]) => {
      const there = here.filter(({ own: [trial] }) => trial.kind === kind);
      if (there.length === 0) return [];
      const height = median(there.map(({ points }) => spread(points.map(({ y }) => y))));
      return [{ title, height, ridges: there.map((row) => ({ label: labelOf(row), points: row.points })) }];
    });
    const heights = panels.map(({ title, height }) => `${height.toPrecision(2)} (${title})`).join(', ');
    const on = trunk === 'none' ? 'no trunk' : `${trunk} trunk`;
    return ridges({
      ...{ name: `${name}-${trunk}`, panels, labels: [...new Set(here.map(labelOf))], x },
      caption: `${about} A row a method (${on}), ${heights} high; what is further below its best stands at its bottom.`,
    });
  });

const STAGE = `${100 * STAGES[0]} % of the passes`;

/** Scores of each method after the first stage over the rate; the axis is the range that is searched. */
export const tuningFigures = (trials: readonly Trial[]): Figure[] =>
  rowsOf({
    ...{ name: 'tuning', x: { label: 'Rate', ...RATES } },
    rows: byMethod(rated(trials)).map((own) => {
      const chosen = bestOf(own).point;
      const points = own.map(({ rate, first, point }) => ({
        ...{ x: rate, y: first, isChosen: point === chosen, text: `${rate}: ${Math.abs(first).toFixed(4)}` },
      }));
      return { own, points };
    }),
    about: `Scores after ${STAGE} over the rate (other hyper-parameters differ from point to point); the axis is the range that is searched.`,
  });

/** The expected best score of each method over the number of trials. */
export function expectedBestFigures(trials: readonly Trial[]): Figure[] {
  const learnt = byMethod(trials).filter((own) => own.some(({ first }) => Number.isFinite(first)));
  const most = Math.max(...learnt.map(({ length }) => length));
  const ticks = [1, 2, 3, 5, 8, 12, 20, 32, 50].filter((n) => n <= most);
  return rowsOf({
    ...{ name: 'expected-best', x: { label: 'Trials', from: 1, to: most, ticks } },
    rows: learnt.map((own) => {
      const best = expectedBest(worstForDiverged(own.map(({ first }) => first)));
      const points = best.map((y, i) => ({
        ...{ x: i + 1, y, isChosen: false, text: `${i + 1}: ${Math.abs(y).toFixed(4)}` },
      }));
      return { own, points };
    }),
    about: `Expected best score of so many trials (Dodge et al. 2019), after ${STAGE}; one that diverged counts as the worst of the others.`,
  });
}

const worstForDiverged = (scores: readonly number[]): number[] =>
  scores.map((score) => Math.max(score, Math.min(...scores.filter(Number.isFinite))));

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

const wordsOf = (choice: Choice) =>
  Object.entries(choice)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
