import fs from 'node:fs';
import path from 'node:path';
import { readSealed, requireBeside } from '../../base/sealed';
import { UserError } from '../../base/userError';
import { isAsExported, type Provenance, provenanceIn } from '../../report/provenance';
import { inProject } from '../../setup/tools/project';
import { fromHere } from '../values';
import { runCommand } from './program';

type Options = { readonly file: string; readonly out?: string };

/** Names the documents that an exported file was made from. Ends with 1 where one is missing or changed, or the file has changed. */
async function trace({ file, out }: Options): Promise<number> {
  const content = fs.readFileSync(file);
  const found = provenanceIn(content);
  if (!found)
    throw new UserError(
      `${fromHere(file)} does not say what it was made from: expected an SVG, PDF, PNG, LaTeX or CSV file that the project exported`,
    );
  const isExported = isAsExported(content, found);
  console.log(`File     ${EXPORTED[String(isExported) as keyof typeof EXPORTED]}`);
  const entries = Object.entries(found.documents);
  if (entries.length === 0) {
    console.log(`Data     ${found.data}; no document of a training is behind it`);
    return isExported === false ? 1 : 0;
  }
  const folder = out ?? homeOf(file, found);
  const states = entries.map(([name, begins]) => stateOf(folder, name, begins));
  const count = (wanted: State) => states.filter((state) => state === wanted).length;
  const asItWas = count('as it was');
  console.log(`Data     ${found.data}, preset ${found.preset}
Run      ${found.out}; looked for in ${fromHere(path.join(folder, 'results'))}
Code     ${found.code.join(', ')}
Documents ${entries.length}: ${asItWas} as they were, ${count('changed since')} changed since, ${count('not there')} not there`);
  for (const [i, [name]] of entries.entries())
    console.log(`  ${path.join('results', `${name}.json`)}  ${states[i]}`);
  if (count('not there') === entries.length && out === undefined)
    console.log('None is there: --out FOLDER says where the run lies.');
  return isExported !== false && asItWas === entries.length ? 0 : 1;
}

const EXPORTED = {
  true: 'as it was exported',
  false: 'changed since it was exported',
  undefined: 'does not say whether it is as it was exported',
};

/** The run of a file: around it, else where it was, else the reference set. */
function homeOf(file: string, { out, documents }: Provenance): string {
  const places = [path.resolve(path.dirname(file), '..'), inProject(out), inProject('figures', 'reference')];
  const isHome = (folder: string) =>
    Object.keys(documents).some((name) => fs.existsSync(path.join(folder, 'results', `${name}.json`)));
  return places.find(isHome) ?? inProject(out);
}

type State = 'as it was' | 'changed since' | 'not there';

function stateOf(folder: string, name: string, begins: string): State {
  const document = path.join(folder, 'results', `${name}.json`);
  if (!fs.existsSync(document)) return 'not there';
  try {
    const seal = readSealed(document);
    if (fs.existsSync(document.replace(/json$/, 'tsv'))) requireBeside(document, seal);
    return seal.checksum.startsWith(begins) ? 'as it was' : 'changed since';
  } catch {
    return 'changed since';
  }
}

runCommand(trace);
