import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Result } from '../../lib/documents/document';
import { store } from '../../lib/documents/store';
import { causal, nonCausal } from '../../lib/methods/family';
import { choices, variantsOf, vary } from '../../lib/methods/vary';
import { ablationFigure, ablationQuestions, choicesTable } from '../../lib/questions/ablation';
import { withEarlier } from '../../lib/runs/earlier';
import { codeFingerprint } from '../../lib/runs/fingerprint';
import { inFolder } from '../recipes/tinyTasks';
import { sampleResult } from '../report/sampleResults';

const { PeterRec } = causal;

test('a variant is the method with what is changed, and is called by it', () => {
  assert.deepEqual(
    vary(PeterRec, { loss: 'authors', patches: { squeeze: 16, place: 'serial after norm' } }),
    {
      ...PeterRec,
      name: 'PeterRec-causal-with-squeeze-16-place-serial-after-norm-loss-authors',
      method: 'squeeze 16, place serial after norm, loss authors',
      loss: 'authors',
      patches: { ...PeterRec.patches, squeeze: 16, place: 'serial after norm' },
    },
  );
});

test('a method without patches has none to change', () => {
  assert.throws(
    () => vary(causal.FineAll, { patches: { squeeze: 4 } }),
    /FineAll: expected a method with patches, found none to change/,
  );
  assert.equal(vary(causal.FineAll, { loss: 'authors' }).patches, null);
});

test('every choice changes PeterRec, is called like no other and has a line of its own', () => {
  const variants = choices.map(([, changes]) => vary(PeterRec, changes));
  assert.equal(new Set(variants.map(({ name }) => name)).size, choices.length);
  for (const { name, method, ...variant } of variants) {
    assert.match(name, /^PeterRec-causal-with-[A-Za-z0-9.-]{1,64}$/);
    assert.notDeepEqual({ ...variant, name: PeterRec.name, method: PeterRec.method }, PeterRec);
  }
  const lines = choicesTable().rows.map(({ line }) => line);
  assert.equal(lines[0], '{ patches: { squeeze: 16 } }');
  assert.ok(lines.includes("{ representation: 'sum' }"));
});

const source = codeFingerprint();
/** Writes a document of today's code, as old as is said. */
function leave(out: string, hash: string, age: number, about: Partial<Result>): Result {
  const result = { ...sampleResult({ task: 'News', method: '', seed: 1, test: { 'HR@5': 0.5 } }), ...about };
  const { task, experiment, seed } = result;
  const environment = { ...result.environment, source: about.environment?.source ?? source };
  const written = store(out, { task, experiment, hash, seed }, { ...result, environment }, [{ row: 1 }]);
  const time = new Date(Date.now() - 1000 * age);
  fs.utimesSync(path.join(out, 'results', written.instances.replace(/tsv$/, 'json')), time, time);
  return written;
}

test('earlier variants stand beside new results, the newest last and instead of an older one of their name', () =>
  inFolder((out) => {
    const prefix = variantsOf(PeterRec);
    const variant = (method: string) => ({ experiment: prefix + method, method });
    const [old, other, current] = [
      leave(out, 'aaaaaaaaaaaa', 30, variant('squeeze-16')),
      leave(out, 'bbbbbbbbbbbb', 20, variant('gelu')),
      leave(out, 'cccccccccccc', 10, variant('squeeze-16')),
    ];
    const base = sampleResult({ task: 'News', method: 'PeterRec', seed: 1, test: { 'HR@5': 0.4 } });
    leave(out, 'dddddddddddd', 9, { ...variant('of another task'), task: 'Parity' });
    leave(out, 'eeeeeeeeeeee', 8, { ...variant('of another preset'), preset: 'paper' });
    leave(out, 'ffffffffffff', 7, { ...variant('of other code'), environment: { ...base.environment } });
    leave(out, '111111111111', 6, {
      experiment: `${variantsOf(nonCausal.PeterRec)}gelu`,
      method: 'elsewhere',
    });
    const found = withEarlier(out, [base], prefix);
    assert.deepEqual(
      found.map(({ method, instances }) => [method, instances]),
      [other, current, base].map(({ method, instances }) => [method, instances]),
    );
    assert.notEqual(old.instances, current.instances);
  }));

test('what ran on fewer seeds than the new results is left out', () =>
  inFolder((out) => {
    const prefix = variantsOf(PeterRec);
    leave(out, 'aaaaaaaaaaaa', 10, { experiment: `${prefix}gelu`, method: 'gelu', seed: 1 });
    const both = [1, 2].map((seed) =>
      sampleResult({ task: 'News', method: 'PeterRec', seed, test: { 'HR@5': 0.4 } }),
    );
    assert.deepEqual(withEarlier(out, both, prefix), both);
  }));

test('each variant is set against the method itself; the figure draws the latest six', () => {
  const curve = [{ step: 1, epoch: 1, seconds: 1, loss: 1, valid: {}, test: { 'HR@5': 0.5 } }];
  const of = (method: string, experiment = method) => ({
    ...sampleResult({ task: 'News', method, seed: 1, test: { 'HR@5': 0.5 } }, curve),
    experiment,
  });
  const variants = Array.from({ length: 8 }, (_, i) =>
    of(`squeeze ${i}`, `${variantsOf(PeterRec)}squeeze-${i}`),
  );
  const results = [of('Bag of items'), of('PeterRec'), ...variants];
  const questions = ablationQuestions(results, PeterRec);
  assert.deepEqual(
    questions.map(({ first, second }) => [first, second]),
    variants.map(({ method }) => [method, 'PeterRec']),
  );
  assert.deepEqual(
    ablationFigure(results, PeterRec).spec.data.map(({ name }) => name),
    ['PeterRec', ...variants.slice(2).map(({ method }) => method)],
  );
});
