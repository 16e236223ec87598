import assert from 'node:assert/strict';
import { test } from 'node:test';
import { causal, nonCausal } from '../../lib/methods/family';
import { identityOf } from '../../lib/methods/identity';
import type { Own } from '../../lib/methods/own/own';
import { type Changes, choices, isVariant, vary, wordsOf } from '../../lib/methods/vary';

const { PeterRec } = causal;

test('a variant is the method with what is changed, and is called by it', () => {
  assert.deepEqual(
    vary(PeterRec, { loss: 'authors', patches: { squeeze: 16, place: 'serial after norm' } }),
    {
      ...PeterRec,
      id: 'PeterRec-with-squeeze-16-place-serial-after-norm-loss-authors',
      label: 'squeeze 16, place serial after norm, loss authors',
      loss: 'authors',
      patches: { ...PeterRec.patches, squeeze: 16, place: 'serial after norm' },
    },
  );
});

test('changes are told in words, those of the patches first', () => {
  assert.equal(wordsOf({ training: 0.5, patches: { squeeze: 16 } }), 'squeeze 16, training 0.5');
  assert.equal(wordsOf({ tcl: 'trained' }), 'tcl trained');
});

test('a method without patches has none to change', () => {
  assert.throws(() => vary(causal.FineAll, { patches: { squeeze: 4 } }), {
    name: 'UserError',
    message: 'FineAll on the causal trunk: expected a method with patches, found none to change',
  });
  assert.equal(vary(causal.FineAll, { loss: 'authors' }).patches, null);
});

test('a change to what the method has already is none', () => {
  const none: readonly (readonly [Changes, string])[] = [
    [{ patches: { squeeze: 8 } }, 'squeeze 8'],
    [{ loss: 'authors', trunk: 'causal' }, 'trunk causal'],
    [{ training: 1 }, 'training 1'],
  ];
  for (const [changes, what] of none)
    assert.throws(() => vary(PeterRec, changes), {
      name: 'UserError',
      message: `${what}: expected a change, PeterRec on the causal trunk has it already`,
    });
});

test('every choice changes PeterRec and is known and called like no other', () => {
  const variants = choices.map(([, changes]) => vary(PeterRec, changes));
  assert.equal(new Set(variants.map(identityOf)).size, choices.length);
  assert.equal(new Set(variants.map(({ label }) => label)).size, choices.length);
  for (const { id, label, ...variant } of variants) {
    assert.match(id, /^PeterRec-with-[A-Za-z0-9.-]{1,64}$/);
    assert.notDeepEqual({ ...variant, id: PeterRec.id, label: PeterRec.label }, PeterRec);
  }
});

for (const [about, changes] of choices) {
  test(`a variant of PeterRec on the causal trunk alone: ${about}`, () => {
    const variant = vary(PeterRec, changes);
    assert.ok(isVariant(variant, PeterRec));
    assert.ok(!isVariant(variant, nonCausal.PeterRec));
    assert.ok(!isVariant(variant, causal.PeterZeroFrozen));
  });
}

const squeezed: Changes = { patches: { squeeze: 16 } };
const little = { ...PeterRec, training: 0.3 };
const strangers = [
  ['the method itself', PeterRec, PeterRec],
  ['the same method on the other trunk', nonCausal.PeterRec, PeterRec],
  ['the variant of the method on the other trunk', vary(nonCausal.PeterRec, squeezed), PeterRec],
  ['the other method moved to this trunk', vary(nonCausal.PeterRec, { trunk: 'causal' }), PeterRec],
  ['a variant that learns from less than its method', vary(little, squeezed), PeterRec],
  ['a variant that learns from more than its method', vary(PeterRec, squeezed), little],
  ['a variant of shorter pre-training', vary({ ...PeterRec, pretraining: 0.1 }, squeezed), PeterRec],
] as const;

for (const [what, found, method] of strangers) {
  test(`no variant: ${what}`, () => assert.ok(!isVariant(found, method)));
}

test('a method that learns from a share has variants with that share, or with one that is changed', () => {
  assert.ok(isVariant(vary(little, squeezed), little));
  assert.ok(isVariant(vary(little, { training: 0.5 }), little));
  assert.ok(isVariant(vary(little, { pretraining: 0.1 }), little));
});

test('a function of one’s own is called by its name; what has no effect beside a patch of one’s own is refused', () => {
  const patch: Own<'patch'> = {
    own: 'patch',
    name: 'scale and shift',
    functions: { fresh: { source: '() => ({})', imports: [] }, apply: { source: '(E) => E', imports: [] } },
  };
  const variant = vary(PeterRec, { patches: { patch } });
  assert.equal(variant.label, 'patch scale and shift');
  assert.equal(variant.id, 'PeterRec-with-patch-scale-and-shift');
  const again = { ...patch, functions: { ...patch.functions } };
  assert.throws(
    () => vary(variant, { patches: { patch: again } }),
    /^UserError: patch scale and shift: expected a change/,
  );
  for (const method of [PeterRec, variant])
    assert.throws(
      () => vary(method, { patches: { ...(method === PeterRec ? { patch } : {}), activation: 'gelu' } }),
      /^UserError: activation gelu: expected no such choice beside patch scale and shift, which is not Eq\. 9$/,
    );
});
