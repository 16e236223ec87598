import fs from 'node:fs';
import path from 'node:path';
import { sum } from 'simple-statistics';
import { checksumOfFile } from '../../../base/sealed';
import { instanceValue } from '../../../evidence/instances';
import { nameIn, type Result } from '../../../experiments/documents/document';
import { checksumsIn } from '../../../experiments/documents/packedForm';
import { documentsOf, instanceRows } from '../../../experiments/documents/results';
import { exportVector } from '../../../report/export';
import { galleryPage } from '../../../report/gallery/gallery';
import { readSet } from '../../../report/packedSet';
import { drawsAlike } from '../../../setup/parts/chromium';
import { runCommand } from '../program';
import { packedAlone, packedPage } from './packedPage';

type Options = { readonly folder: string };

/** Of a comparison: how much is equal, and a line for each thing that is not. */
type Compared = { readonly what: string; readonly equal: number; readonly unequal: readonly string[] };

/** Files by the checksums of the set's description. */
function filesCompared(folder: string): Compared {
  const listed = [...checksumsIn(folder)].filter(([file]) => !file.startsWith('#'));
  const unequal = listed.flatMap(([file, sum]) => {
    const own = path.join(folder, file);
    if (!fs.existsSync(own)) return [`${file}: is missing`];
    return checksumOfFile(own) === sum ? [] : [`${file}: has changed since it was packed`];
  });
  return { what: 'files, by their checksums', equal: listed.length - unequal.length, unequal };
}

/** Metrics that outcomes tell: all but those of probabilities. */
const TOLD = /^(Acc|(HR|MRR|NDCG)@\d+(\/full)?)$/;
/** Between the mean of outcomes and the metric of a document: of rounding alone. */
const ROUNDING = 1e-9;

function metricsCompared(folder: string): Compared {
  const each = documentsOf(folder).flatMap((document) => {
    const told = Object.entries(document.metrics.test).filter(([metric]) => TOLD.test(metric));
    if (told.length === 0) return [];
    const rows = instanceRows(folder, document);
    return told.map(([metric, value]) => {
      const of = instanceValue(metric);
      const mean = sum(rows.map(of)) / rows.length;
      return Math.abs(mean - value) < ROUNDING ? undefined : unlike(document, metric, value, mean);
    });
  });
  const unequal = each.filter((one) => one !== undefined);
  return { what: 'test metrics, from the outcomes', equal: each.length - unequal.length, unequal };
}

const unlike = (document: Result, metric: string, value: number, mean: number) =>
  `${nameIn(document)}: ${metric} is ${value} in documents-s${document.seed}.parquet and ${mean} by outcomes-s${document.seed}.parquet`;

const NUMBER = /\d+(?:[.,]\d+)*/g;
const numbersIn = (text: string) => text.match(NUMBER)?.length ?? 0;

/** The first line at which two texts differ. */
function differing(file: string, committed: string, computed: string): string {
  const [own, other] = [committed, computed].map((text) => text.split('\n'));
  const line = own.findIndex((text, i) => text !== other[i]);
  const at = line < 0 ? own.length : line;
  const start = Math.max(0, [...(own[at] ?? '')].findIndex((letter, i) => letter !== other[at]?.[i]) - 30);
  const shown = (text: string | undefined) =>
    text === undefined ? 'nothing' : `…${text.slice(start, start + 80)}…`;
  return `${file}, line ${at + 1}: ${shown(own[at])} is committed, ${shown(other[at])} is computed`;
}

/** Compares a file with what was computed anew. */
function textCompared(folder: string, file: string, computed: string): Compared {
  const own = path.join(folder, file);
  const committed = fs.existsSync(own) ? fs.readFileSync(own, 'utf8') : undefined;
  if (committed === computed) {
    const [what, equal] = file.endsWith('.svg') ? ['drawing', 1] : ['numbers', numbersIn(computed)];
    return { what: `${what} of ${file}`, equal, unequal: [] };
  }
  const why = committed === undefined ? `${file}: is missing` : differing(file, committed, computed);
  return { what: file, equal: 0, unequal: [why] };
}

/** Recomputes every number of a packed set from its outcomes; ends with 1 where one differs. */
async function verify({ folder }: Options): Promise<number> {
  const set = readSet(folder);
  const copy = packedAlone(folder);
  if (!drawsAlike())
    console.log('drawings are not compared, as another browser draws here; their numbers are');
  const found: Compared[] = [];
  const say = (compared: Compared) => {
    found.push(compared);
    for (const line of compared.unequal) console.log(`differs  ${line}`);
    if (compared.equal > 0) console.log(`equal    ${compared.equal.toLocaleString('en')} ${compared.what}`);
  };
  try {
    say(filesCompared(folder));
    say(metricsCompared(copy));
    const page = await packedPage(copy, set, {
      described: folder,
      accountsOf: (name) => set.accounts[name],
      write: async (thing) => {
        for (const file of await exportVector(copy, thing)) {
          const name = path.relative(copy, file);
          if (name.endsWith('.svg') && !drawsAlike()) continue;
          say(textCompared(folder, name, fs.readFileSync(file, 'utf8')));
        }
      },
    });
    say(textCompared(folder, 'index.html', galleryPage(folder, page, documentsOf(copy))));
  } finally {
    fs.rmSync(copy, { recursive: true });
  }
  const equal = sum(found.map((one) => one.equal));
  const unequal = sum(found.map((one) => one.unequal.length));
  console.log(`${equal.toLocaleString('en')} equal, ${unequal} different`);
  return unequal === 0 ? 0 : 1;
}

runCommand(verify);
