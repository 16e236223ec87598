import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { UserError } from '../../base/userError';
import { type BudgetChanges, budgetChanges } from '../../data/card/budgets';
import { type Timeline, timeline } from '../../data/card/card';
import type { Dataset } from '../../data/loading/dataset';
import { openDataset, timelineIn, withFolds } from '../../data/open';
import type { Task } from '../../data/tasks/tasks';
import { device } from '../../engine/native';
import type { Precision } from '../../engine/ops/kernels';
import { inProject } from '../../setup/tools/project';
import { byKind } from '../methods/budgets';
import { type Preset, presets, sizedFor, takesTuned } from '../methods/presets';
import { changedBy } from './changed';
import { checkedParameters, folderOf } from './folder';
import { readTuned } from './tuned';

const schema = z.strictObject({
  /** A known name, or a folder or zip archive with a data set. */
  data: z.string(),
  preset: z.enum(['quick', 'default', 'wide', 'paper']),
  /** Seeds 1 … n; the preset says how many where this is null. */
  seeds: z.number().int().min(1).nullable(),
  /** Where results, tables, figures and models go; null for figures/runs/<data>-<preset>[-bf16]. */
  out: z.string().nullable(),
  device: z.enum(['auto', 'cpu', 'gpu']),
  /** Of products: bf16 trains only on processors that are quicker with bfloat16. */
  precision: z.enum(['float32', 'bf16']).default('float32'),
  /** In place of the preset's and of the card's budgets. */
  budgets: budgetChanges.optional(),
  /** In place of the card's; null for none. */
  timeline: timeline.nullable().optional(),
  /** What a seed tests a third of; of unread users its trunks have read nothing. */
  folds: z.enum(['instances', 'users', 'unread users']).default('instances'),
});

export type Workbench = {
  readonly dataset: Dataset;
  /** Name of the data set. */
  readonly data: string;
  readonly tasks: readonly Task[];
  readonly preset: Preset;
  /** The preset without the choices of tuning. */
  readonly untuned: Preset;
  /** Points that each method was tried at on this data; 0 without tuning. */
  readonly trials: number;
  readonly seeds: number;
  readonly out: string;
};

/** What answers and remarks need to know of a bench. */
export type BenchFacts = Pick<Workbench, 'data' | 'preset' | 'trials' | 'seeds' | 'out'> & {
  readonly dataset: Pick<Dataset, 'name' | 'folder'>;
  readonly tasks: readonly Pick<Task, 'name' | 'kind'>[];
};

/**
 * Checks the parameters, which a notebook's first cell sets and `npm run reproduce` overrides, and loads the data.
 * Throws a UserError that names what is wrong.
 */
export function openWorkbench(parameters: Readonly<Record<string, unknown>>): Workbench {
  const checked = checkedParameters(schema, parameters);
  const { data, preset: name, seeds, out, device: asked, precision, budgets, folds } = checked;
  if (asked === 'gpu' && device() !== 'gpu') {
    throw new UserError('device gpu: TensorFlow found no usable GPU; run `npm run setup -- --device gpu`');
  }
  if (asked === 'cpu' && device() === 'gpu') {
    throw new UserError('device cpu: this process computes on a GPU; start it with CUDA_VISIBLE_DEVICES=-1');
  }
  const { dataset, tasks } = openDataset(data, checked.timeline);
  const chosen = budgetsOn(dataset, name, budgets, precision);
  const named = checked.timeline === undefined ? dataset.name : nameOn(checked.timeline, data, dataset.name);
  const called = folds === 'instances' ? named : `${named}-${folds.replace(' ', '-')}`;
  return {
    dataset,
    data: called,
    tasks: withFolds(tasks, folds),
    ...chosen,
    seeds: seeds ?? chosen.preset.seeds,
    out: out === null ? folderOf(called, name, precision) : inProject(out),
  };
}

/** Another timeline than the card's makes other data: its name says which. */
function nameOn(asked: Timeline | null, data: string, name: string): string {
  if (isDeepStrictEqual(asked ?? undefined, timelineIn(data))) return name;
  if (asked === null) return `${name}-no-timeline`;
  const time = typeof asked === 'object' ? `share-${asked.share}` : String(asked);
  return `${name}-timeline-${time.replaceAll(/[^\w.-]/g, '')}`;
}

/** A preset at the size of a data set, changed by the card, then by tuning (both for `default` and `wide`), then by a cell. */
function budgetsOn(
  dataset: Dataset,
  name: Preset['name'],
  ofCell: BudgetChanges | undefined,
  precision: Precision,
): Pick<Workbench, 'preset' | 'untuned' | 'trials'> {
  const sized = sizedFor(presets[name], dataset.histories.itemAt.length);
  const [ofCard, tuned] = takesTuned(sized) ? [dataset.card.budgets, readTuned(dataset)] : [];
  const untuned = changedBy(sized, ofCard);
  const preset = tuned ? { ...untuned, chosen: byKind((kind) => tuned[kind]) } : untuned;
  const inCell = (own: Preset) => changedBy(precision === 'float32' ? own : { ...own, precision }, ofCell);
  return { preset: inCell(preset), untuned: inCell(untuned), trials: tuned?.trials ?? 0 };
}
