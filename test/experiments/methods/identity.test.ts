import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import {
  called,
  identityOf,
  isSame,
  placeOf,
  requireMethod,
} from '../../../lib/experiments/methods/identity';
import { LabelCS, opponents, untrained } from '../../../lib/experiments/methods/opponents';

const { PeterRec } = causal;

const identities = [
  [PeterRec, 'PeterRec on the causal trunk'],
  [nonCausal.PeterRec, 'PeterRec on the non-causal trunk'],
  [LabelCS, 'LabelCS'],
  [opponents.MTL, 'MTL on the causal trunk'],
  [{ ...PeterRec, training: 0.3 }, 'PeterRec on the causal trunk, training 0.3'],
  [{ ...LabelCS, training: 0.1 }, 'LabelCS, training 0.1'],
  [{ ...PeterRec, pretraining: 0.1 }, 'PeterRec on the causal trunk, pre-training 0.1'],
  [
    { ...PeterRec, training: 0.5, pretraining: 0.1 },
    'PeterRec on the causal trunk, training 0.5, pre-training 0.1',
  ],
] as const;

test('an experiment is known by id, trunk and shares; a share of 1 is all, and a label decides nothing', () => {
  for (const [method, identity] of identities) assert.equal(identityOf(method), identity);
  assert.ok(isSame({ ...PeterRec, training: 1, pretraining: 1 }, PeterRec));
  assert.ok(!isSame({ ...PeterRec, training: 0.3 }, PeterRec) && !isSame(nonCausal.PeterRec, PeterRec));
  const renamed = called(PeterRec, 'PeterRec_al');
  assert.deepEqual(renamed, { ...PeterRec, label: 'PeterRec_al' });
  assert.ok(isSame(renamed, PeterRec));
});

test('no two experiments of the family and its opponents are known by the same name', () => {
  const family = [...Object.values(causal), ...Object.values(nonCausal)];
  const names = [...family, ...Object.values(opponents), ...untrained].map(identityOf);
  assert.equal(names.length, 11 + 11 + 5 + 2);
  assert.equal(new Set(names).size, names.length);
});

test('a task is named with the share of its training instances', () => {
  const places = [{}, { training: 1 }, { training: 0.3 }, { training: 0.125 }].map((of) =>
    placeOf('LifeEst', of),
  );
  assert.deepEqual(places, ['LifeEst', 'LifeEst', 'LifeEst, 30 %', 'LifeEst, 13 %']);
});

test('what is no experiment is refused', () => {
  assert.throws(() => requireMethod(undefined, 'here'), {
    name: 'UserError',
    message: 'here: expected an experiment, found undefined',
  });
  requireMethod(PeterRec, 'here');
});
