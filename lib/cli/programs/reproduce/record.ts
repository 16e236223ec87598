/** What a run of notebooks was made from and what it left, by which the next one knows that nothing has changed. */
import { existsSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { filesOfDataset } from '../../../datasets/files';
import { checksumOf, checksumOfFile } from '../../../files/sealed';
import { writeWhole } from '../../../files/whole';
import { tunedFileOf } from '../../../runs/tuned';
import { inProject } from '../../../setup/tools/project';

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

/** What decides what a run leaves. */
export type Inputs = Pick<Record, 'notebooks' | 'parameters' | 'code' | 'data'>;

const fileIn = (out: string) => path.join(out, 'reproduced.json');

const checksumsOf = (files: readonly string[], root: string): { [file: string]: string } =>
  Object.fromEntries(files.map((file) => [path.relative(root, file), checksumOfFile(file)]));

/** All files below a folder; none where there is none. */
const filesBelow = (folder: string): string[] =>
  existsSync(folder)
    ? readdirSync(folder, { recursive: true, encoding: 'utf8' })
        .map((name) => path.join(folder, name))
        .filter((file) => statSync(file).isFile())
        .sort()
    : [];

/** Of what cells say; what they have shown does not count. */
function checksumOfCells(question: string): string {
  const { cells } = JSON.parse(readFileSync(inProject('notebooks', `${question}.ipynb`), 'utf8'));
  return checksumOf(
    JSON.stringify(
      cells.map((cell: { cell_type: string; source: unknown }) => [cell.cell_type, cell.source]),
    ),
  );
}

function checksumOfCode(): string {
  const files = [...filesBelow(inProject('lib')), inProject('package-lock.json')];
  return checksumOf(JSON.stringify([process.version, files, files.map(checksumOfFile)]));
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

/** Notes what lies in OUT under these names as made from the inputs. */
export function leaveRecord(out: string, inputs: Inputs, names: readonly string[]): void {
  const files = names.flatMap((name) => {
    const place = path.join(out, name);
    return existsSync(place) && statSync(place).isFile() ? [place] : filesBelow(place);
  });
  const record: Record = { at: new Date().toISOString(), ...inputs, files: checksumsOf(files, out) };
  writeWhole(fileIn(out), `${JSON.stringify(record, null, 2)}\n`);
}

export const removeRecord = (out: string): void => rmSync(fileIn(out), { force: true });

/** Since when all is there that such a run would leave, made from just these inputs; undefined where something differs. */
export function unchangedSince(out: string, { notebooks, ...inputs }: Inputs): string | undefined {
  const record = recordIn(out);
  if (record === undefined) return undefined;
  const { at, files, notebooks: made, ...from } = record;
  const isSame =
    isDeepStrictEqual(from, inputs) &&
    Object.entries(notebooks).every(([question, checksum]) => made[question] === checksum) &&
    Object.entries(files).every(([name, checksum]) => isAs(path.join(out, name), checksum));
  return isSame ? at : undefined;
}

const isAs = (file: string, checksum: string): boolean =>
  existsSync(file) && checksumOfFile(file) === checksum;

/** Nothing where there is none, or none that can be read. */
function recordIn(out: string): Record | undefined {
  try {
    return schema.parse(JSON.parse(readFileSync(fileIn(out), 'utf8')));
  } catch {
    return undefined;
  }
}
