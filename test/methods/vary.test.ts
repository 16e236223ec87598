import assert from 'node:assert/strict';
import { test } from 'node:test';
import { methodChoices } from '../../lib/methods/choices';
import type { FineTuning } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import { identityOf } from '../../lib/methods/identity';
import type { Own } from '../../lib/methods/own/own';
import { type Changes, choices, isVariant, vary, wordsOf } from '../../lib/methods/vary';
import { patchChoices } from '../../lib/patches/choices';

const { PeterRec } = causal;

test('a variant is the method with what is changed, and is called by it', () => {
  assert.deepEqual(
    vary(PeterRec, { loss: 'authors', patches: { squeeze: 16, place: 'serial after norm' } }),
    {
      ...PeterRec,
      id: 'PeterRec-with-place-serial-after-norm-squeeze-16-loss-authors',
      label: 'place serial after norm, squeeze 16, loss authors',
      loss: 'authors',
      patches: { ...PeterRec.patches, squeeze: 16, place: 'serial after norm' },
    },
  );
});

test('changes are told in words, those of the patches first, in one order however they are written', () => {
  assert.equal(wordsOf({ training: 0.5, patches: { squeeze: 16 } }), 'squeeze 16, training 0.5');
  assert.equal(wordsOf({ tcl: 'trained' }), 'tcl trained');
  assert.equal(wordsOf({ loss: 'authors', tcl: 'trained' }), wordsOf({ tcl: 'trained', loss: 'authors' }));
});

test('a trunk and patches that start otherwise are both in id and label', () => {
  const { id, label } = vary(PeterRec, { start: 'random', patches: { start: 'zero' } });
  assert.deepEqual([id, label], ['PeterRec-with-start-zero-start-random', 'start zero, start random']);
});

test('a variant of a variant is called by both', () => {
  const base = vary(PeterRec, { loss: 'authors' });
  const { id, label } = vary(base, { patches: { squeeze: 16 } });
  assert.deepEqual([id, label], ['PeterRec-with-loss-authors-with-squeeze-16', 'loss authors, squeeze 16']);
});

const lossCalled = (name: string): Own<'loss'> => ({
  own: 'loss',
  name,
  functions: { loss: { source: '(h) => h.sum()', imports: [] } },
});

test('functions whose names differ in any sign have other ids', () => {
  const ids = ['my loss', 'my_loss', 'my-loss', 'my.loss', 'my  loss', 'my__loss', 'my--loss'].map(
    (name) => vary(PeterRec, { loss: lossCalled(name) }).id,
  );
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^PeterRec-with-loss-my[A-Za-z0-9._-]*loss$/);
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
    [{ training: undefined } as unknown as Changes, 'training 1'],
    [{ negatives: undefined } as unknown as Changes, 'negatives uniform'],
  ];
  for (const [changes, what] of none)
    assert.throws(() => vary(PeterRec, changes), {
      name: 'UserError',
      message: `${what}: expected a change, PeterRec on the causal trunk has it already`,
    });
});

test('no change at all is refused', () => {
  for (const changes of [{}, { patches: {} }])
    assert.throws(() => vary(PeterRec, changes), {
      name: 'UserError',
      message: 'PeterRec on the causal trunk: expected a change, found none',
    });
});

test('what is left out of a method again is called by what stands for it', () => {
  const without = { training: undefined } as unknown as Changes;
  assert.equal(vary({ ...PeterRec, training: 0.3 }, without).label, 'training 1');
});

test('whatever has a name is PeterRec’s or a choice', () => {
  const made = choices.map(([, { patches, ...changes }]) => ({ ...changes, ...patches }));
  const offered = (choice: string) =>
    made.flatMap((changes) => (changes as Record<string, unknown>)[choice] ?? []);
  const { perBlock, ...named } = patchChoices;
  const of = (choices: object, own: object) =>
    Object.entries(choices).map(([choice, { options }]) => ({ choice, options, own: Object(own)[choice] }));
  for (const { choice, options, own } of [
    ...of(methodChoices, PeterRec),
    ...of(named, PeterRec.patches ?? {}),
  ])
    for (const value of options)
      assert.ok(
        value === own || [...offered(choice), ...made.map(({ start }) => start)].includes(value),
        value,
      );
  assert.deepEqual([...offered('perBlock'), PeterRec.patches?.perBlock], [...perBlock.values]);
  for (const choice of ['squeeze', 'training', 'pretraining']) assert.ok(offered(choice).length > 0, choice);
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
/** The method with another loss under the id that it has. */
const bare: FineTuning = { ...PeterRec, loss: 'authors' };
const called = vary(PeterRec, { loss: 'authors' });
const strangers = [
  ['the variant of a namesake with another loss', vary(PeterRec, squeezed), bare],
  ['the variant of the method beside a namesake’s', vary(bare, squeezed), PeterRec],
  ['the variant of a variant', vary(called, squeezed), PeterRec],
  ['a variant of the method beside one of its variants', vary(PeterRec, squeezed), called],
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

test('a variant has its own variants beside it, and is one of its method, as has a namesake', () => {
  assert.ok(isVariant(vary(called, squeezed), called));
  assert.ok(isVariant(vary(bare, squeezed), bare));
  assert.ok(isVariant(called, PeterRec));
});

test('what else a document declares decides nothing', () => {
  const document = { ...vary(PeterRec, squeezed), budget: { batch: 8 }, code: 'c0de' };
  assert.ok(isVariant(JSON.parse(JSON.stringify(document)), PeterRec));
});

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
