/** BibTeX of what a run rests on: the paper, the methods and trunks of its documents, its data, and this software. */
import fs from 'node:fs';
import path from 'node:path';
import { z } from 'zod';
import { UserError } from '../base/userError';
import type { Result } from '../experiments/documents/document';
import type { patchForms } from '../model/patches/choices';
import type { TrunkName } from '../model/trunks/names';
import { inProject } from '../setup/tools/project';

/** Declaration of a document's method. */
const declared = z.object({
  patches: z.object({ form: z.string().optional() }).nullish(),
  tuned: z.unknown().optional(),
  loss: z.unknown().optional(),
  model: z.string().optional(),
});

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
function keysOf({ trunk, declaration, metric }: Result): string[] {
  const { data: { patches, tuned, loss, model } = {} } = declared.safeParse(declaration);
  return [
    ...(OF_TRUNKS[trunk as TrunkName] ?? []), // an opponent has none
    ...(patches ? [OF_FORMS[(patches.form ?? 'bottleneck') as keyof typeof OF_FORMS]] : []),
    ...(String(tuned).startsWith('biases') ? ['BitFit'] : []),
    ...(loss === 'paper' && metric !== 'Acc' ? ['BPR'] : []),
    ...(model === 'NeuFM' || model === 'DeepFM' ? [model] : []),
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
