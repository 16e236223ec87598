/** Choices of `npm run tune` for a data set; kept in lib/experiments/methods for the embedded ones, beside the data of any other. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { counted } from '../../base/counted';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import type { Dataset } from '../../data/loading/dataset';
import type { Task } from '../../data/tasks/tasks';
import { isEmbedded } from '../../setup/parts/movielensNames';
import { inProject } from '../../setup/tools/project';
import { byKind } from '../methods/budgets';

const choices = z.record(z.string(), z.record(z.string(), z.number()).readonly()).readonly();

/** The file as it must be when it is read. */
const schema = z
  .strictObject({
    data: z.string(),
    preset: z.string(),
    /** Points that each method was tried at, its preset's own among them; and in how many stages, one if absent. */
    trials: z.number(),
    stages: z.number().optional(),
    /** All if absent. */
    tasks: z.array(z.string()).readonly().optional(),
    /** Seeds of the splits, none of which is reported. */
    seeds: z.array(z.number()).readonly(),
    /** By the kind of task and the method. */
    recommend: choices,
    classify: choices,
  })
  .readonly();

export type TunedFile = z.infer<typeof schema>;

/** Where the choices for a data set are kept. */
export function tunedFileOf({ folder, name }: Pick<Dataset, 'folder' | 'name'>): string {
  if (isEmbedded(name) && path.resolve(folder) === inProject('data', name))
    return inProject('lib/experiments/methods/chosen', `${name}.json`);
  return folder.endsWith('.zip') ? `${folder}.tuned.json` : path.join(folder, 'tuned.json');
}

/** The choices; undefined without tuning. Throws a UserError that names a damaged file. */
export function readTuned(dataset: Pick<Dataset, 'folder' | 'name'>): TunedFile | undefined {
  const file = tunedFileOf(dataset);
  if (!fs.existsSync(file)) return undefined;
  let content: unknown;
  try {
    content = JSON.parse(fs.readFileSync(file, 'utf8'));
  } catch {} // refused below
  const checked = schema.safeParse(content);
  if (checked.success) return checked.data;
  const [{ path: at, message }] = checked.error.issues;
  throw new UserError(
    `${[file, ...at].join(': ')}: ${message}; expected the JSON that \`npm run tune\` writes anew where it is removed`,
  );
}

export function writeTuned(dataset: Pick<Dataset, 'folder' | 'name'>, tuned: TunedFile): string {
  const file = tunedFileOf(dataset);
  writeWhole(file, `${JSON.stringify(tuned, null, 2)}\n`);
  return file;
}

/** Adds what was chosen now to what was chosen for other methods before. */
export function withEarlier(
  before: TunedFile,
  now: TunedFile,
  isTunedNow: (kind: Task['kind'], method: string) => boolean,
): TunedFile {
  const merged = byKind((kind) => {
    const kept = Object.entries(before[kind]).filter(([method]) => !isTunedNow(kind, method));
    return { ...Object.fromEntries(kept), ...now[kind] };
  });
  return { ...now, ...merged };
}

/** Throws a UserError if the choices before were made by other trials. */
export function requireSameTrials(
  before: TunedFile,
  now: Pick<TunedFile, 'trials' | 'stages' | 'seeds' | 'tasks'>,
): void {
  const by = ({ trials, stages = 1, seeds, tasks }: typeof now) =>
    `${trials} trials in ${counted(stages, 'stage')} on seeds ${seeds.join(', ')}${tasks ? ` and ${tasks.join(', ')}` : ''}`;
  if (by(before) !== by(now))
    throw new UserError(
      `other methods were tuned by ${by(before)}, these would be by ${by(now)}; expected the same options, or all ` +
        'questions (no --rq)',
    );
}
