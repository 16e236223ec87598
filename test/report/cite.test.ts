import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal } from '../../lib/experiments/methods/family';
import { type Changes, vary } from '../../lib/experiments/methods/vary';
import { opponents } from '../../lib/experiments/opponents/opponents';
import { forms } from '../../lib/model/patches/patches';
import { trunkNames } from '../../lib/model/trunks/names';
import { bibliography } from '../../lib/report/cite';
import { sampleResult } from './sampleResults';

const keysIn = (text: string) => [...text.matchAll(/^@\w+\{([\w-]+),$/gm)].map(([, key]) => key);
const of = (method: Parameters<typeof sampleResult>[0]['method']) => {
  const patches = Object.entries(('patches' in method && method.patches) || {});
  return {
    ...sampleResult({ task: 'ColdRec-1', method, seed: 1, test: { 'HR@5': 0.5 } }),
    declaration: {
      ...method,
      ...Object.fromEntries(patches.map(([key, value]) => [`patches.${key}`, value])),
    },
  };
};
const varied = (changes: Changes) => of(vary(causal.PeterRec, changes));

test('a run cites the paper, what its documents use, its data and this software', () => {
  const results = [
    of(causal.PeterRec),
    of(opponents.NeuFM),
    varied({
      trunk: 'bidirectional SASRec',
      loss: 'cross-entropy',
      patches: { form: 'LoRA', rank: 2, alpha: 2 },
    }),
    varied({ trunk: 'GRU', tuned: 'biases and classifier', loss: 'cross-entropy' }),
  ];
  const text = bibliography(results, new Map([['my data', 'Someone {2020}: Data.']]));
  assert.deepEqual(keysIn(text), [
    ...[
      'PeterRec',
      'NextItNet',
      'SASRec',
      'BERT4Rec',
      'GRU4Rec',
      'Adapters',
      'LoRA',
      'BitFit',
      'NeuFM',
      'BPR',
    ],
    ...['my-data', 'PeterRecWorkbench'],
  ]);
  assert.match(text, /note = \{Someone 2020: Data\.\}/);
  const profile = { ...of(causal.PeterRec), metric: 'Acc' }; // trained by cross-entropy
  assert.ok(!keysIn(bibliography([profile], new Map())).includes('BPR'));
  for (const place of ['patches.place', 'patches.place.own'])
    assert.ok(
      keysIn(bibliography([{ ...profile, declaration: { [place]: 'serial' } }], new Map())).includes(
        'Adapters',
      ),
    );
  assert.deepEqual(keysIn(bibliography([], new Map())), ['PeterRec', 'PeterRecWorkbench']);
});

test('every form of patches and every trunk has its reference', () => {
  const results = Object.keys(forms).flatMap((form) =>
    trunkNames.map((trunk) => {
      const result = of(causal.PeterRec);
      return { ...result, trunk, declaration: { ...result.declaration, 'patches.form': form } };
    }),
  );
  assert.ok(keysIn(bibliography(results, new Map())).length > Object.keys(forms).length);
});
