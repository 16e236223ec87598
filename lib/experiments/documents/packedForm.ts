/** The form of a packed set: two Parquet files a seed, and what tables need to know of the data. */
import fs from 'node:fs';
import path from 'node:path';
import { contentOf } from '../../base/sealed';

/** Columns of `outcomes-sN.parquet`, a row a test instance of a training, or a held-out user of a trunk; empty where one does not apply. */
export const OUTCOMES = {
  /** Name of the document of the training, a row of `documents-sN.parquet`. */
  document: 'VARCHAR',
  task: 'VARCHAR',
  method: 'VARCHAR',
  trunk: 'VARCHAR',
  /** Shares of the labels, and of the users of its trunk, that were trained on. */
  training: 'DOUBLE',
  pretraining: 'DOUBLE',
  seed: 'INTEGER',
  /** Numbers of the instance and of its user, shuffled by the content of the data. */
  instance: 'INTEGER',
  user: 'INTEGER',
  /** Quarter of the task's users by the length of their history; 4 has the longest. */
  quarter: 'INTEGER',
  /** Rank of the true label among the sample and in the pool, and how many labels these have. */
  rank: 'INTEGER',
  full_rank: 'INTEGER',
  sample: 'INTEGER',
  pool: 'INTEGER',
  /** 1 if the predicted class is the true one, and the probability of the true one. */
  correct: 'INTEGER',
  p: 'FLOAT',
  /** Ranks of the last item by what needs no trunk. */
  popularity_rank: 'INTEGER',
  cooccurrence_rank: 'INTEGER',
} as const;

/** Columns that say of which training a row is; the others are its numbers. */
export const ABOUT = ['document', 'task', 'method', 'trunk', 'training', 'pretraining', 'seed'] as const;

export type Measure = Exclude<keyof typeof OUTCOMES, (typeof ABOUT)[number]>;
export const MEASURES = (Object.keys(OUTCOMES) as (keyof typeof OUTCOMES)[]).filter(
  (column): column is Measure => !ABOUT.some((one) => one === column),
);

/** Columns of `documents-sN.parquet`, a row a training: what a result document holds, by the same keys; objects as JSON. */
export const DOCUMENTS = {
  ...{ document: 'VARCHAR', schema: 'INTEGER', data: 'VARCHAR', task: 'VARCHAR', metric: 'VARCHAR' },
  ...{ experiment: 'VARCHAR', method: 'VARCHAR', trunk: 'VARCHAR', training: 'DOUBLE' },
  ...{ pretraining: 'DOUBLE', preset: 'VARCHAR', seed: 'INTEGER', metrics: 'JSON' },
  ...{ parameters: 'JSON', curve: 'JSON', stoppedAt: 'INTEGER', startedFrom: 'VARCHAR', left: 'VARCHAR' },
  ...{ seconds: 'DOUBLE', environment: 'JSON', declared: 'JSON', declaration: 'JSON' },
} as const;

export type DocumentColumn = keyof typeof DOCUMENTS;
export const DOCUMENT_COLUMNS = Object.keys(DOCUMENTS) as DocumentColumn[];

/** Files of a seed. */
export const filesOf = (folder: string, seed: number) => ({
  documents: path.join(folder, `documents-s${seed}.parquet`),
  outcomes: path.join(folder, `outcomes-s${seed}.parquet`),
});

/** Seeds that are packed in a folder, ascending; none where there is none. */
export function packedSeeds(folder: string): number[] {
  if (!fs.existsSync(folder)) return [];
  return fs
    .readdirSync(folder)
    .flatMap((name) => /^documents-s(\d+)\.parquet$/.exec(name)?.[1] ?? [])
    .map(Number)
    .sort((a, b) => a - b);
}

/** The description of a run's folder or of a packed set, RO-Crate 1.2. */
export const CRATE = 'ro-crate-metadata.json';

/** SHA-256 of the files that the description of a folder lists, by their paths; none where there is no description. */
export function checksumsIn(folder: string): ReadonlyMap<string, string> {
  const content = contentOf(path.join(folder, CRATE));
  if (content === undefined) return new Map();
  const { '@graph': graph } = JSON.parse(content) as { '@graph': { '@id': string; sha256?: string }[] };
  return new Map(graph.flatMap(({ '@id': id, sha256 }) => (sha256 ? [[decodeURI(id), sha256]] : [])));
}
