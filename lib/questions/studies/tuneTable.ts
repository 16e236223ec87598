/** What tuning chose, as a table. */
import type { Choice } from '../../experiments/methods/presets';
import { columnsOf, type Table } from '../../report/table/table';
import { bestOf, byMethod, type Trial, type Tuning } from './tune';

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
        border: atBorder(best, own).join(', ') || '–',
        own: own[0].stage === best.stage ? Math.abs(own[0].score) : null,
        score: Math.abs(score),
      };
    }),
    note:
      `Means of what is compared: ${[...new Set(tasks.flatMap(({ kind, metric }) => (kind === 'recommend' ? [metric] : [])))].join(', ')} for ` +
      'recommendation, log-loss for profiles. Preset’s own: if it came as far. At a border: what lies at the end of the values tried.',
  };
}

/** Names of hyper-parameters whose chosen value is the least or the largest of those tried. */
const atBorder = ({ choice = {} }: Trial, trials: readonly Trial[]): string[] =>
  Object.entries(choice).flatMap(([name, value]) => {
    const tried = trials.flatMap((trial) => trial.choice?.[name] ?? []);
    return value === Math.min(...tried) || value === Math.max(...tried) ? [name] : [];
  });

const wordsOf = (choice: Choice) =>
  Object.entries(choice)
    .map(([name, value]) => `${name} ${value}`)
    .join(', ');
