import fs from 'node:fs';
import path from 'node:path';
import { counted } from '../../../base/counted';
import { UserError } from '../../../base/userError';
import { writeWhole } from '../../../base/whole';
import { factsOf } from '../../../data/tasks/facts';
import { nameIn, type Result } from '../../../experiments/documents/document';
import { packedDocument } from '../../../experiments/documents/packed';
import { filesOf, packedSeeds } from '../../../experiments/documents/packedForm';
import { packSeed } from '../../../experiments/documents/packing';
import { documentsOf } from '../../../experiments/documents/results';
import type { TaskAccount } from '../../../experiments/runs/taskAccounts';
import { openWorkbench, type Workbench } from '../../../experiments/workbench/workbench';
import { dataIn, describeSet, drawnIn, withoutFiles } from '../../../report/crate';
import { exportTo, exportVector, publishedFrom } from '../../../report/export';
import { galleryPage } from '../../../report/gallery/gallery';
import { type PackedSet, SET, writeSet } from '../../../report/packedSet';
import { namesBelow } from '../../../setup/tools/project';
import { fromHere } from '../../values';
import { runCommand } from '../program';
import { accountsFor, tableOfData } from '../reproduce/answers';
import { packedAlone, packedPage } from './packedPage';

type Options = { readonly folder: string; readonly data?: string; readonly figures?: boolean };

/** Files of a run that a set has too. */
const KEPT =
  /^(index\.html|set\.json|notebooks\/[^/]+\.ipynb|tables\/[^/]+\.(csv|md|tex)|figures\/[^/]+\.(csv|svg))$/;

/** The bench that made the documents. Throws a UserError where they are none, or of several. */
function benchOf(folder: string, documents: readonly Result[], data: string | undefined): Workbench {
  const of = (key: 'data' | 'preset') => [...new Set(documents.map((one) => one[key]))];
  const [names, presets] = [of('data'), of('preset')];
  if (names.length !== 1 || presets.length !== 1)
    throw new UserError(
      `${fromHere(folder)}: expected result documents of one data set and preset, found ${[...names, ...presets].join(', ') || 'none'}`,
    );
  const seeds = new Set(documents.map(({ seed }) => seed)).size;
  const precision = documents.some(({ declaration }) => declaration.precision === 'bf16')
    ? 'bf16'
    : 'float32';
  return openWorkbench({
    ...{ data: data ?? names[0], preset: presets[0], seeds, precision, device: 'auto', out: folder },
  });
}

/** Packs the documents of each seed; a seed without new ones keeps its files. */
async function packDocuments(folder: string, documents: readonly Result[]): Promise<void> {
  const isPacked = (result: Result) => {
    const packed = packedDocument(folder, nameIn(result));
    return packed !== undefined && nameIn(result) === result.instances;
  };
  for (const seed of [...new Set(documents.map((one) => one.seed))].sort((a, b) => a - b)) {
    const own = documents.filter((one) => one.seed === seed);
    if (!own.every(isPacked)) {
      withoutFiles(folder, Object.values(filesOf('', seed)));
      await packSeed(folder, seed, own);
    }
    console.log(`seed ${seed}: ${counted(own.length, 'training')}`);
  }
}

/** Makes a packed set of a run, in its folder: what is committed of it. */
async function pack({ folder, data, figures = false }: Options): Promise<number> {
  const documents = documentsOf(folder);
  const bench = benchOf(folder, documents, data);
  if (drawnIn(folder).length === 0)
    throw new UserError(`${fromHere(folder)}: expected the page of a run; \`npm run reproduce\` makes it`);
  await packDocuments(folder, documents);
  const accounts: Record<string, readonly TaskAccount[]> = {};
  const set: PackedSet = {
    ...{ data: bench.data, dataset: bench.dataset.name, preset: bench.preset },
    ...{ trials: bench.trials, seeds: bench.seeds, tasks: bench.tasks.map(factsOf) },
    ...{ table1: tableOfData(bench), accounts },
  };
  const alone = packedAlone(folder);
  const page = await packedPage(alone, set, {
    described: folder,
    accountsOf: (name, question) => {
      accounts[name] = accountsFor(question, bench);
      return accounts[name];
    },
    write: (thing) => (figures ? exportTo(folder, thing) : exportVector(folder, thing)),
  });
  writeSet(folder, set);
  writeWhole(path.join(folder, 'index.html'), galleryPage(folder, page, documentsOf(alone)));
  fs.rmSync(alone, { recursive: true });
  const packed = packedSeeds(folder).flatMap((seed) => Object.values(filesOf('', seed)));
  const files = namesBelow(folder).filter((file) => KEPT.test(file));
  const from = { ...publishedFrom(bench, documents), data: dataIn(folder) ?? publishedFrom(bench, []).data };
  describeSet(folder, { files, documents: packed }, from);
  console.log(`${fromHere(path.join(folder, SET))}, ${counted(packed.length + files.length, 'file')}`);
  return 0;
}

runCommand(pack);
