import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FineTuning, methodChoices } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { identityOf } from '../../../lib/experiments/methods/identity';
import type { Own } from '../../../lib/experiments/methods/own/own';
import { type Changes, choices, isVariant, vary, wordsOf } from '../../../lib/experiments/methods/vary';
import { patchChoices } from '../../../lib/model/patches/choices';

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

const changesWith = (name: string) => ({ [name]: undefined }) as unknown as Changes;
const lossCalled = (name: string): Own<'loss'> => ({
  own: 'loss',
  name,
  functions: { loss: { source: '(h) => h.sum()', imports: [] } },
});

test('changes are told in words, those of the patches first, in one order however they are written', () => {
  const called: readonly (readonly [FineTuning, Changes, string])[] = [
    [PeterRec, { training: 0.5, patches: { squeeze: 16 } }, 'squeeze 16, training 0.5'],
    [PeterRec, { loss: 'authors', tcl: 'trained' }, 'tcl trained, loss authors'],
    [PeterRec, { start: 'random', patches: { start: 'zero' } }, 'start zero, start random'],
    [vary(PeterRec, { loss: 'authors' }), { patches: { squeeze: 16 } }, 'loss authors, squeeze 16'],
    [{ ...PeterRec, training: 0.3 }, changesWith('training'), 'training 1'],
  ];
  for (const [method, changes, label] of called) assert.equal(vary(method, changes).label, label);
  assert.equal(wordsOf({ tcl: 'trained', loss: 'authors' }), wordsOf({ loss: 'authors', tcl: 'trained' }));
  const { id } = vary(vary(PeterRec, { loss: 'authors' }), { start: 'random', patches: { start: 'zero' } });
  assert.equal(id, 'PeterRec-with-loss-authors-with-start-zero-start-random');
});

test('functions whose names differ in any sign have other ids', () => {
  const ids = ['my loss', 'my_loss', 'my-loss', 'my.loss', 'my  loss', 'my__loss', 'my--loss'].map(
    (name) => vary(PeterRec, { loss: lossCalled(name) }).id,
  );
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^PeterRec-with-loss-my[A-Za-z0-9._-]*loss$/);
});

const refusals: readonly (readonly [FineTuning, Changes, RegExp])[] = [
  [
    causal.FineAll,
    { patches: { squeeze: 4 } },
    /^FineAll on the causal trunk: expected a method with patches/,
  ],
  [PeterRec, {}, /^PeterRec on the causal trunk: expected a change, found none/],
  [PeterRec, { patches: {} }, /^PeterRec on the causal trunk: expected a change, found none/],
  [PeterRec, { patches: { squeeze: 8 } }, /^squeeze 8: expected a change/],
  [PeterRec, { loss: 'authors', trunk: 'causal' }, /^trunk causal: expected a change/],
  [PeterRec, { training: 1 }, /^training 1: expected a change/],
  [PeterRec, changesWith('training'), /^training 1: expected a change/],
  [PeterRec, changesWith('negatives'), /^negatives uniform: expected a change/],
];
for (const [method, changes, message] of refusals)
  test(`no variant: ${message}`, () =>
    assert.throws(() => vary(method, changes), { name: 'UserError', message }));

test('every value that a choice may have is PeterRec’s or offered for ablation', () => {
  const { perBlock, ...named } = patchChoices;
  const offered = choices.flatMap(([, { patches, ...changes }]) => [
    ...Object.entries(changes),
    ...Object.entries(patches ?? {}),
  ]);
  const own = [...Object.entries(PeterRec), ...Object.entries(PeterRec.patches ?? {})];
  const known = new Set([...own, ...offered].map(String));
  for (const [choice, { options }] of Object.entries({ ...methodChoices, ...named }))
    for (const value of options) assert.ok(known.has(String([choice, value])), `${choice} ${value}`);
  for (const value of perBlock.values) assert.ok(known.has(`perBlock,${value}`));
  const names = new Set(offered.map(([name]) => name));
  for (const choice of ['squeeze', 'training', 'pretraining']) assert.ok(names.has(choice), choice);
});

test('every choice changes PeterRec, is known and called like no other, and is a variant of it alone', () => {
  const variants = choices.map(([, changes]) => vary(PeterRec, changes));
  assert.equal(new Set(variants.map(identityOf)).size, choices.length);
  assert.equal(new Set(variants.map(({ label }) => label)).size, choices.length);
  for (const { id, label, ...variant } of variants) {
    assert.match(id, /^PeterRec-with-[A-Za-z0-9.-]{1,64}$/);
    assert.notDeepEqual({ ...variant, id: PeterRec.id, label: PeterRec.label }, PeterRec);
    const of = [PeterRec, nonCausal.PeterRec, causal.PeterZeroFrozen].map((method) =>
      isVariant({ id, label, ...variant }, method),
    );
    assert.deepEqual(of, [true, false, false], label);
  }
});

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

test('a variant has its own variants beside it, with its share or another; what else a document declares decides nothing', () => {
  const document = { ...vary(PeterRec, squeezed), budget: { batch: 8 }, code: 'c0de' };
  const variants: readonly (readonly [Parameters<typeof isVariant>[0], FineTuning])[] = [
    [vary(called, squeezed), called],
    [vary(bare, squeezed), bare],
    [called, PeterRec],
    [JSON.parse(JSON.stringify(document)), PeterRec],
    [vary(little, squeezed), little],
    [vary(little, { training: 0.5 }), little],
    [vary(little, { pretraining: 0.1 }), little],
  ];
  for (const [found, method] of variants) assert.ok(isVariant(found, method), found.id);
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
