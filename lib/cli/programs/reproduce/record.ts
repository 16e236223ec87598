/** What a run of notebooks was made from and what it left, by which the next one knows that nothing has changed. */
import { randomUUID } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { filesOfDataset } from '../../../datasets/open';
import { checksumOf, checksumOfFile } from '../../../files/sealed';
import { writeWhole } from '../../../files/whole';
import { tunedFileOf } from '../../../runs/tuned';
import { inProject, namesBelow } from '../../../setup/tools/project';
import { UserError } from '../../../userError';

const checksums = z.record(z.string(), z.string()).readonly();

const schema = z.strictObject({
  /** When it was made, as ISO 8601. */
  at: z.string(),
  /** Of the cells of each notebook. */
  notebooks: checksums,
  /** What their first cells were given. */
  parameters: z.record(z.string(), z.unknown()).readonly(),
  /** Of the project's code and of the versions that it runs with. */
  code: z.string(),
  /** Of the files that the data was read from, by their paths. */
  data: checksums,
  /** Of all that lies in OUT, by paths in there. */
  files: checksums,
});

type Record = z.infer<typeof schema>;

/** The cells of a notebook, without what they have shown. */
const notebook = z.object({
  cells: z.array(z.object({ cell_type: z.string(), source: z.union([z.string(), z.array(z.string())]) })),
});

/** What decides what a run leaves. */
export type Inputs = Pick<Record, 'notebooks' | 'parameters' | 'code' | 'data'>;

const fileIn = (out: string) => path.join(out, 'reproduced.json');

const checksumsOf = (files: readonly string[], root: string): { [file: string]: string } =>
  Object.fromEntries(files.map((file) => [path.relative(root, file), checksumOfFile(file)]));

const isFile = (place: string): boolean => statSync(place, { throwIfNoEntry: false })?.isFile() ?? false;

/** All files below a folder; none where there is none. */
const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(folder, name))
        .filter(isFile)
        .sort()
    : [];

/** Of what cells say; what they have shown does not count. */
function checksumOfCells(question: string): string {
  const file = inProject('notebooks', `${question}.ipynb`);
  try {
    const { cells } = notebook.parse(JSON.parse(readFileSync(file, 'utf8')));
    return checksumOf(JSON.stringify(cells));
  } catch {
    throw new UserError(`${file}: expected a notebook, JSON with cells`);
  }
}

/** Of the code of a project, modules beside its notebooks among it, of the versions that it asks for, and of Node's. */
export function checksumOfCode(project = inProject()): string {
  const below = (folder: string) =>
    namesBelow(path.join(project, folder)).map((name) => path.join(folder, name));
  const sources = [...below('lib'), ...below('notebooks')].filter((name) =>
    /\.(ts|m?js|json|py|cc|h|inc|txt)$/.test(name),
  );
  const files = [...sources, 'package-lock.json'].map((name) => path.join(project, name));
  return checksumOf(JSON.stringify([process.version, checksumsOf(files, project)]));
}

/** Of the data, and of what was tuned on it. */
function checksumsOfData(data: string): Record['data'] {
  const { files, ...dataset } = filesOfDataset(data);
  const tuned = tunedFileOf(dataset);
  return checksumsOf([...files, ...(existsSync(tuned) ? [tuned] : [])], inProject());
}

/** What a run of these questions is made from now. Throws a UserError for data that are not there. */
export const inputsOf = (
  questions: readonly string[],
  parameters: Record['parameters'],
  data: string,
): Inputs => ({
  notebooks: Object.fromEntries(questions.map((question) => [question, checksumOfCells(question)])),
  parameters,
  code: checksumOfCode(),
  data: checksumsOfData(data),
});

/** Says that OUT is being written: what was noted does not hold any more. Returns what tells this run from another. */
export function beginRecord(out: string): string {
  const run = `being written since ${new Date().toISOString()} by ${randomUUID()}\n`;
  writeWhole(fileIn(out), run);
  return run;
}

/** Notes what lies in OUT under these names as made from the inputs; nothing where another run has begun there meanwhile. */
export function leaveRecord(out: string, run: string, inputs: Inputs, names: readonly string[]): void {
  if (!isFile(fileIn(out)) || readFileSync(fileIn(out), 'utf8') !== run) return;
  const files = names.flatMap((name) => {
    const place = path.join(out, name);
    return isFile(place) ? [place] : filesBelow(place);
  });
  const record: Record = { at: new Date().toISOString(), ...inputs, files: checksumsOf(files, out) };
  writeWhole(fileIn(out), `${JSON.stringify(record, null, 2)}\n`);
}

/** The record of a run that answered these questions from these inputs, whatever cells said. */
function recordOf(out: string, { notebooks, ...inputs }: Inputs): Record | undefined {
  const record = recordIn(out);
  if (record === undefined) return undefined;
  const { at: _, files: __, notebooks: made, ...from } = record;
  const isSame = isDeepStrictEqual(from, inputs) && Object.keys(notebooks).every((name) => name in made);
  return isSame ? record : undefined;
}

/** Whether all that a record tells of lies in OUT as it was left. */
const areAsLeft = (out: string, files: readonly (readonly [name: string, checksum: string])[]): boolean =>
  files.every(([name, checksum]) => {
    const file = path.join(out, name);
    return isFile(file) && checksumOfFile(file) === checksum;
  });

/** Since when all is there that such a run would leave, made from just these inputs; undefined where something differs. */
export function unchangedSince(out: string, inputs: Inputs): string | undefined {
  const record = recordOf(out, inputs);
  if (record === undefined) return undefined;
  const { at, files, notebooks } = record;
  const areSame = Object.entries(inputs.notebooks).every(([name, checksum]) => notebooks[name] === checksum);
  return areSame && areAsLeft(out, Object.entries(files)) ? at : undefined;
}

/** What is computed, and not drawn from it, by its place in OUT. */
const COMPUTED = /^(results|models)\//;

/** The same of what notebooks read: documents and weights. */
export function computedSince(out: string, inputs: Inputs): string | undefined {
  const record = recordOf(out, inputs);
  if (record === undefined) return undefined;
  const computed = Object.entries(record.files).filter(([name]) => COMPUTED.test(name));
  return computed.length > 0 && areAsLeft(out, computed) ? record.at : undefined;
}

/** Nothing where there is none, or none that can be read. */
function recordIn(out: string): Record | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(fileIn(out), 'utf8')));
  } catch {
    return undefined;
  }
}
