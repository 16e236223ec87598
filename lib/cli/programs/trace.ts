import fs from 'node:fs';
import path from 'node:path';
import { readSealed } from '../../files/sealed';
import { type Provenance, provenanceIn } from '../../report/provenance/provenance';
import { codeFingerprint } from '../../runs/session/fingerprint';
import { inProject } from '../../setup/tools/project';
import { UserError } from '../../userError';
import { shown } from '../options/shown';
import { runCommand } from './runCommand';

/** What `commands.js` declares for trace, read and checked. */
interface Options {
  /** An absolute path. */
  readonly file: string;
  /** An absolute folder. */
  readonly out?: string;
}

/** Names the documents that an exported file was made from, and says of each whether it is there as it was. */
async function trace({ file, out }: Options): Promise<number> {
  const found = provenanceIn(fs.readFileSync(file));
  if (!found)
    throw new UserError(
      `${shown(file)} does not say what it was made from: expected an SVG, PDF, PNG, LaTeX or CSV file that the project exported`,
    );
  const folder = out ?? homeOf(file, found);
  const entries = Object.entries(found.documents);
  console.log(`Data     ${found.data}, preset ${found.preset}`);
  console.log(`Run      ${found.out}; looked for in ${shown(path.join(folder, 'results'))}`);
  console.log(`Code     ${found.code.join(', ')}; here it is ${codeFingerprint()}`);
  const stated = entries.map(([name, checksum]) => [name, stateOf(folder, name, checksum)] as const);
  const count = (wanted: State) => stated.filter(([, state]) => state === wanted).length;
  console.log(
    `Documents ${entries.length}: ${count('as it was')} as they were, ${count('changed since')} changed since, ${count('not there')} not there`,
  );
  for (const [name, state] of stated) console.log(`  ${path.join('results', `${name}.json`)}  ${state}`);
  console.log(
    'Each document holds its declaration, its seed, and the checksum of the trunk that it started from.',
  );
  return 0;
}

/** Where the run of a file is looked for: around the file, else where it was. */
function homeOf(file: string, { out }: Provenance): string {
  const around = path.resolve(path.dirname(file), '..');
  return fs.existsSync(path.join(around, 'results')) ? around : inProject(out);
}

type State = 'as it was' | 'changed since' | 'not there';

function stateOf(folder: string, name: string, checksum: string): State {
  const document = path.join(folder, 'results', `${name}.json`);
  if (!fs.existsSync(document)) return 'not there';
  try {
    return readSealed(document).checksum === checksum ? 'as it was' : 'changed since';
  } catch {
    return 'changed since';
  }
}

runCommand(trace);
