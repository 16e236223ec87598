import fs from 'node:fs';
import path from 'node:path';
import { checksumOfFile, Damaged, readSealed, requireBeside } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { packedDocument } from '../../experiments/documents/packed';
import { CRATE, checksumsIn } from '../../experiments/documents/packedForm';
import { dataIn, drawnIn } from '../../report/crate';
import { fromHere } from '../values';
import { runCommand } from './program';

type Options = { readonly file: string; readonly out?: string };

/** Names the documents that an exported file was made from. Ends with 1 where one is missing or damaged, or the file has changed. */
async function trace({ file, out }: Options): Promise<number> {
  const folder = out ?? folderAround(file);
  const sum = checksumOfFile(file);
  const sums = checksumsIn(folder);
  const inside = path.relative(folder, path.resolve(file));
  const name = sums.has(inside) ? inside : [...sums].find(([, one]) => one === sum)?.[0];
  const drawn = drawnIn(folder).find(({ files }) => name !== undefined && files.includes(name));
  if (name === undefined || !drawn)
    throw new UserError(
      `${fromHere(file)}: expected a figure or a table that ${fromHere(path.join(folder, CRATE))} lists, or a copy of one with --out FOLDER`,
    );
  const isAsExported = sums.get(name) === sum;
  console.log(`File     ${name}, ${isAsExported ? 'as it was exported' : 'changed since it was exported'}`);
  console.log(`Data     ${dataIn(folder)?.name}
Run      ${fromHere(folder)}
Drawn by ${drawn.name}`);
  const states = drawn.documents.map((document) => stateOf(folder, document));
  const count = (wanted: State) => states.filter((state) => state === wanted).length;
  console.log(
    `Documents ${states.length}: ${count('there')} there, ${count('damaged')} damaged, ${count('missing')} missing`,
  );
  for (const [i, document] of drawn.documents.entries()) console.log(`  ${document}  ${states[i]}`);
  return isAsExported && count('there') === states.length ? 0 : 1;
}

/** The folder of a run above a file. Throws a UserError where there is none. */
function folderAround(file: string): string {
  let folder = path.resolve(file);
  while (path.dirname(folder) !== folder) {
    folder = path.dirname(folder);
    if (fs.existsSync(path.join(folder, CRATE))) return folder;
  }
  throw new UserError(
    `${fromHere(file)}: expected a file of a run, with ${CRATE} above it; --out FOLDER names the run`,
  );
}

type State = 'there' | 'damaged' | 'missing';

function stateOf(folder: string, name: string): State {
  const document = path.join(folder, 'results', `${name}.json`);
  try {
    if (!fs.existsSync(document)) return packedDocument(folder, name) ? 'there' : 'missing';
    requireBeside(document, readSealed(document));
    return 'there';
  } catch (error) {
    if (error instanceof Damaged) return 'damaged';
    throw error;
  }
}

runCommand(trace);
