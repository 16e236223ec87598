/** What tuning tried and chose, as a table. */
import type { Choice } from '../../experiments/methods/presets';
import { RATES } from '../../experiments/methods/space';
import { atEnds } from '../../experiments/tuning/points';
import { bestOf, byMethod, type Trial, type Tuning } from '../../experiments/tuning/tune';
import { signed } from '../../report/answer/answer';
import { columnsOf, type Table } from '../../report/table/table';

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

const wordsOf = (choice: Choice) =>
  Object.entries(choice)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
