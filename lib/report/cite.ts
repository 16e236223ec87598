/** BibTeX of what a run rests on: the paper, the methods and trunks of its documents, its data, and this software. */
import fs from 'node:fs';
import { UserError } from '../base/userError';
import type { Result } from '../experiments/documents/document';
import { opponentModels, opponentOf } from '../experiments/opponents/opponents';
import { type FormName, forms } from '../model/patches/patches';
import { selections, type Tuned } from '../model/selections/selections';
import { type TrunkName, trunks } from '../model/trunks/names';
import { inProject } from '../setup/tools/project';

/** Entries for the paper, losses and opponents. */
const FILE = 'lib/report/references.bib';

const keyOf = (entry: string): string | undefined => /^@\w+\{(\w+),.*\}$/.exec(entry)?.[1];

/** Keys of the entries that a document uses. */
function keysOf({ trunk, metric, declaration }: Result): string[] {
  const { tuned, loss, model } = declaration;
  const places = ['patches.place', 'patches.place.own'].map((key) => declaration[key]);
  const isPaper = places.some((place) => place !== undefined);
  const form = declaration['patches.form'] ?? (isPaper ? 'bottleneck' : undefined);
  const cited = [
    ...(trunks[trunk as TrunkName]?.cites ?? []), // an opponent has none
    ...(form ? [forms[form as FormName].cites] : []),
    selections[tuned as Tuned]?.cites,
    opponentOf(String(model))?.cites,
  ].map((entry) => entry && keyOf(entry));
  return [...cited, ...(loss === 'paper' && metric !== 'Acc' ? ['BPR'] : [])].filter(
    (key) => key !== undefined,
  );
}

/** Every entry by its key: the paper, trunks, forms, selections, opponents, and the others. */
function references(): ReadonlyMap<string, string> {
  const [paper, ...others] = fs.readFileSync(inProject(FILE), 'utf8').trim().split('\n');
  const listed: readonly { readonly cites?: string | readonly string[] }[] = [
    ...[trunks, forms, selections].flatMap((list) => Object.values(list)),
    ...opponentModels.map(opponentOf),
  ];
  return new Map(
    [paper, ...listed.flatMap(({ cites = [] }) => cites), ...others].map((entry) => {
      const key = keyOf(entry);
      if (key === undefined) throw new UserError(`${FILE}: expected an entry of one line, found ${entry}`);
      return [key, entry.replaceAll(/, (?=\w+ = )/g, ',\n  ')];
    }),
  );
}

/** `@misc` of a text. */
const misc = (key: string, fields: Readonly<Record<string, string>>) => {
  const lines = Object.entries(fields).map(([name, value]) => `  ${name} = {${value.replace(/[{}]/g, '')}}`);
  return `@misc{${key},\n${lines.join(',\n')}}`;
};

/** All of it as BibTeX; `citations` are of data sets, by their names. */
export function bibliography(results: readonly Result[], citations: ReadonlyMap<string, string>): string {
  const { version } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8')) as { version: string };
  const used = new Set(['PeterRec', ...results.flatMap(keysOf)]);
  const known = references();
  const missing = [...used].find((key) => !known.has(key));
  if (missing !== undefined) throw new UserError(`${FILE}: expected an entry ${missing}`);
  const entries = [...known].flatMap(([key, entry]) => (used.has(key) ? [entry] : []));
  const data = [...citations].map(([name, note]) => misc(name.replace(/\W+/g, '-'), { title: name, note }));
  const own = misc('PeterRecWorkbench', {
    author: 'The PeterRec Workbench developers',
    title: 'PeterRec Workbench',
    note: `Version ${version}`,
  });
  return `${[...entries, ...data, own].join('\n\n')}\n`;
}
