/** BibTeX of what a run rests on: the paper, the methods and trunks of its documents, its data, and this software. */
import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../base/userError';
import { declaredValue, type Result } from '../experiments/documents/document';
import type { patchForms } from '../model/patches/choices';
import type { TrunkName } from '../model/trunks/names';
import { inProject } from '../setup/tools/project';

const OF_TRUNKS: Readonly<Record<TrunkName, readonly string[]>> = {
  causal: ['NextItNet'],
  'non-causal': ['GRec'],
  SASRec: ['SASRec'],
  'bidirectional SASRec': ['SASRec', 'BERT4Rec'],
  GRU: ['GRU4Rec'],
};

const OF_FORMS: Readonly<Record<keyof typeof patchForms | 'bottleneck', string>> = {
  ...{ bottleneck: 'Adapters', LoRA: 'LoRA', DoRA: 'DoRA', '(IA)³': 'IA3', prompt: 'Prompt' },
  ...{ 'side network': 'SideNetwork', fusion: 'Fusion' },
};

/** The keys of what a document uses. */
function keysOf(result: Result): string[] {
  const { trunk, metric } = result;
  const [tuned, loss, model] = ['tuned', 'loss', 'model'].map((key) => declaredValue(result, key));
  const places = ['patches.place', 'patches.place.own'].map((key) => declaredValue(result, key));
  const isPaper = places.some((place) => place !== undefined);
  const form = declaredValue(result, 'patches.form') ?? (isPaper ? 'bottleneck' : undefined);
  return [
    ...(OF_TRUNKS[trunk as TrunkName] ?? []), // an opponent has none
    ...(form ? [OF_FORMS[form as keyof typeof OF_FORMS]] : []),
    ...(String(tuned).startsWith('biases') ? ['BitFit'] : []),
    ...(loss === 'paper' && metric !== 'Acc' ? ['BPR'] : []),
    ...(model === 'NeuFM' || model === 'DeepFM' ? [String(model)] : []),
  ].filter((key) => key !== undefined);
}

/** The entries of lib/report/references.bib by their keys. */
function references(): ReadonlyMap<string, string> {
  const text = fs.readFileSync(path.join(__dirname, 'references.bib'), 'utf8');
  return new Map(
    text
      .trim()
      .split('\n')
      .map((entry, i) => {
        const [, key] = /^@\w+\{(\w+),.*\}$/.exec(entry) ?? [];
        if (key === undefined)
          throw new UserError(`lib/report/references.bib, line ${i + 1}: expected an entry of one line`);
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
  if (missing !== undefined) throw new UserError(`lib/report/references.bib: expected an entry ${missing}`);
  const entries = [...known].flatMap(([key, entry]) => (used.has(key) ? [entry] : []));
  const data = [...citations].map(([name, note]) => misc(name.replace(/\W+/g, '-'), { title: name, note }));
  const own = misc('PeterRecWorkbench', {
    author: 'The PeterRec Workbench developers',
    title: 'PeterRec Workbench',
    note: `Version ${version}`,
  });
  return `${[...entries, ...data, own].join('\n\n')}\n`;
}
