/** Reads packed sets: their documents, and the outcomes of each. */
import { spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { deserialize } from 'node:v8';
import { checksumOf, checksumOfFile, Damaged } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { inProject } from '../../setup/tools/project';
import { type InstanceRow, type Result, resultDocument } from './document';
import type { Columns } from './packedColumns';
import {
  CRATE,
  checksumsIn,
  DOCUMENT_COLUMNS,
  DOCUMENTS,
  filesOf,
  MEASURES,
  packedSeeds,
} from './packedForm';

type Packed = {
  readonly documents: ReadonlyMap<string, Result>;
  /** The outcomes of a document by its name. */
  readonly rowsOf: (document: string) => InstanceRow[] | undefined;
};

const known = new Map<string, { readonly stamp: string; readonly packed: Packed }>();

/** A packed seed of a folder, read once until a file changes. Throws a UserError where a file is missing, damaged or no such table. */
function packedSeed(folder: string, seed: number): Packed {
  const files = filesOf(folder, seed);
  const stamps = Object.values(files).map((file) => fs.statSync(file, { throwIfNoEntry: false }));
  const missing = Object.values(files).find((_, i) => stamps[i] === undefined);
  if (missing) throw new UserError(`${missing} is not there: expected it beside the other file of its seed`);
  const stamp = stamps.map((stat) => `${stat?.size}/${stat?.mtimeMs}`).join();
  const before = known.get(files.documents);
  if (before?.stamp === stamp) return before.packed;
  const sums = checksumsIn(folder);
  for (const file of Object.values(files)) {
    const sum = sums.get(path.basename(file));
    if (sum !== undefined && sum !== checksumOfFile(file))
      throw new Damaged(file, `it does not match its checksum in ${CRATE}`);
  }
  const packed = packedOf(columnsIn(files));
  known.set(files.documents, { stamp, packed });
  return packed;
}

/** Reads both files in a process of its own, which gives the memory of the SQL engine back. */
function columnsIn(files: ReturnType<typeof filesOf>): Columns {
  const script = path.join(__dirname, 'packedColumns.ts');
  const { status, stdout, stderr } = spawnSync(process.execPath, ['--import', 'tsx', script], {
    ...{ cwd: inProject(), input: JSON.stringify(files), maxBuffer: Number.POSITIVE_INFINITY },
  });
  if (status === 0) return deserialize(stdout);
  const [why] = /[A-Z]\w* Error: [^\n]*/.exec(String(stderr)) ?? [String(stderr).trim().split('\n').at(-1)];
  throw new UserError(
    `${files.documents} and ${path.basename(files.outcomes)}: expected the files of a packed set, found ${why}`,
  );
}

function packedOf({ documents, counts, numbers }: Columns): Packed {
  const ends = new Map<string, readonly [start: number, end: number]>();
  let end = 0;
  for (const [document, count] of counts) {
    ends.set(document, [end, end + count]);
    end += count;
  }
  const rowsOf = (document: string) => {
    const range = ends.get(document);
    if (!range) return undefined;
    const [start, stop] = range;
    const columns = MEASURES.filter((name) => !Number.isNaN(numbers[name][start]));
    return Array.from({ length: stop - start }, (_, i) => {
      const { instance, user, ...row } = Object.fromEntries(
        columns.map((name) => [name, numbers[name][start + i]]),
      );
      return { row: instance, user_id: user, ...row };
    });
  };
  const read = documents.map(documentIn);
  return { documents: new Map(read.map((document) => [document.instances, document])), rowsOf };
}

/** A document from its row. Its checksum is of what the row says. */
function documentIn(cells: Columns['documents'][number]): Result {
  const entries = DOCUMENT_COLUMNS.flatMap((name, i) => {
    const cell = cells[i];
    if (cell === null) return [];
    return [[name, DOCUMENTS[name] === 'JSON' ? JSON.parse(String(cell)) : cell]];
  });
  const { document, ...content } = Object.fromEntries(entries);
  const checksum = checksumOf(JSON.stringify(content));
  return resultDocument.parse({ ...content, instances: document, files: {}, checksum });
}

/** All packed documents of a folder, seed by seed. */
export const packedDocuments = (folder: string): Result[] =>
  packedSeeds(folder).flatMap((seed) => [...packedSeed(folder, seed).documents.values()]);

/** A packed document by its name; undefined where there is none. */
export const packedDocument = (folder: string, name: string): Result | undefined => {
  const seed = Number(/-s(\d+)$/.exec(name)?.[1]);
  return packedSeeds(folder).includes(seed) ? packedSeed(folder, seed).documents.get(name) : undefined;
};

/** The outcomes of a packed document; undefined where there are none. */
export const packedRows = (folder: string, { instances, seed }: Result): InstanceRow[] | undefined =>
  packedSeeds(folder).includes(seed) ? packedSeed(folder, seed).rowsOf(instances) : undefined;
