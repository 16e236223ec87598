/** Trials and choices of tuning, as a table and as curves. */
import { median } from 'simple-statistics';
import type { Choice } from '../experiments/methods/presets';
import { RATES } from '../experiments/methods/space';
import { atEnds } from '../experiments/tuning/points';
import { bestOf, byMethod, STAGES, type Trial, type Tuning } from '../experiments/tuning/tune';
import { signed } from './answer/answer';
import { ridges } from './figure/ridges';
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
      ...{
        chosen: 'Chosen',
        border: 'At a border',
        rate: 'Rate',
        less: 'Next less',
        more: 'Next more',
        bound: ['To the bound', 1],
      },
      ...{ own: ['Preset’s own', 4], score: ['Best', 4] },
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
        rate: best.rate === undefined ? '–' : String(best.rate),
        ...neighboursOf(best, own),
        bound: best.rate === undefined ? null : Math.min(best.rate / RATES.from, RATES.to / best.rate),
        own: own[0].stage === best.stage ? Math.abs(own[0].score) : null,
        score: Math.abs(score),
      };
    }),
    note:
      `Means of what is compared: ${[...new Set(tasks.flatMap(({ kind, metric }) => (kind === 'recommend' ? [metric] : [])))].join(', ')} for ` +
      'recommendation, log-loss for profiles. Preset’s own: if it reached the last stage. At a border: chosen values that are the least or ' +
      'largest tried. Next less, next more: the nearest rates tried (other hyper-parameters differ too), and their score less that of the ' +
      'chosen one after the first stage. To the bound: ' +
      `the factor between the chosen rate and the nearer bound of the range, ${RATES.from} or ${RATES.to}.`,
  };
}

/** `0.00029: −0.0041`: the rates tried beside the chosen one. */
function neighboursOf({ rate, first }: Trial, trials: readonly Trial[]) {
  const told = (found: Trial | undefined) =>
    found ? `${found.rate}: ${signed(found.first - first, 4)}` : '–';
  const by = (sign: 1 | -1) => {
    const beyond = rated(trials).filter((trial) => rate !== undefined && sign * (trial.rate - rate) > 0);
    return beyond.sort((a, b) => sign * (a.rate - b.rate))[0];
  };
  return { less: told(by(-1)), more: told(by(1)) };
}

type Rated = Trial & { readonly rate: number };
const rated = (trials: readonly Trial[]): Rated[] =>
  trials.filter((trial): trial is Rated => trial.rate !== undefined && Number.isFinite(trial.first));

/** Scores of each method after the first stage over the rate, one figure a trunk; the axis is the range that is searched. */
export function tuningFigures(trials: readonly Trial[]): Figure[] {
  const all = byMethod(rated(trials));
  return [...new Set(all.map(([{ experiment }]) => experiment.trunk))].map((trunk) => {
    const here = all.filter(([{ experiment }]) => experiment.trunk === trunk);
    const labels = [...new Set(here.map(([{ experiment }]) => experiment.label))];
    const panels = Object.entries(KIND_NAMES).flatMap(([kind, title]) => {
      const own = here.filter(([trial]) => trial.kind === kind);
      const height = own.length && median(own.map((points) => spread(points.map(({ first }) => first))));
      return own.length === 0 ? [] : [{ title, ridges: own.map(ridgeOf), height }];
    });
    const heights = panels.map(({ title, height }) => `${height.toPrecision(2)} (${title})`).join(', ');
    return ridges({
      ...{ name: `tuning-${trunk}`, panels, labels },
      x: { label: 'Rate', ...RATES },
      caption:
        `Scores after ${100 * STAGES[0]} % of the passes over the rate, a row a method (${trunk === 'none' ? 'no trunk' : `${trunk} trunk`}; ` +
        `other hyper-parameters differ from point to point). The axis is the range that is searched. A row is ${heights} high; scores ` +
        'further below its best stand at its bottom.',
    });
  });
}

function ridgeOf(own: readonly Rated[]) {
  const best = bestOf(own);
  return {
    label: best.experiment.label,
    points: own.map(({ rate, first, point }) => ({
      ...{ x: rate, y: first, isChosen: point === best.point },
      text: `${rate}: ${Math.abs(first).toFixed(4)}`,
    })),
  };
}

const spread = (values: readonly number[]) => Math.max(...values) - Math.min(...values);

const wordsOf = (choice: Choice) =>
  Object.entries(choice)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
