import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type FineTuning, methodChoices } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { identityOf } from '../../../lib/experiments/methods/identity';
import type { Own } from '../../../lib/experiments/methods/own/own';
import { type Changes, choices, isVariant, vary } from '../../../lib/experiments/methods/vary';
import { patchChoices } from '../../../lib/model/patches/bottleneck';

const { PeterRec } = causal;
const little = { ...PeterRec, training: 0.3 };
const byAuthors = vary(PeterRec, { loss: 'authors' });
const code = { source: '(h) => h', imports: [] };
const patch: Own<'patch'> = {
  own: 'patch',
  name: 'scale and shift',
  functions: { fresh: code, apply: code },
};
const absent = (name: string) => ({ [name]: undefined }) as unknown as Changes;

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
  const called: readonly (readonly [FineTuning, Changes, label: string, id?: string])[] = [
    [PeterRec, { training: 0.5, patches: { squeeze: 16 } }, 'squeeze 16, training 0.5'],
    [PeterRec, { loss: 'authors', tcl: 'trained' }, 'tcl trained, loss authors'],
    [PeterRec, { start: 'random', patches: { start: 'zero' } }, 'start zero, start random'],
    [byAuthors, { patches: { squeeze: 16 } }, 'loss authors, squeeze 16'],
    [byAuthors, { start: 'random' }, 'loss authors, start random'],
    [little, absent('training'), 'training 1'],
    [PeterRec, { patches: { patch } }, 'patch scale and shift'],
    [PeterRec, { itemRank: { as: 8 } }, 'itemRank as 8'],
  ];
  for (const [method, changes, label] of called) assert.equal(vary(method, changes).label, label);
  const { id } = vary(byAuthors, { start: 'random', patches: { start: 'zero' } });
  assert.equal(id, 'PeterRec-with-loss-authors-with-start-zero-start-random');
});

test('functions whose names differ in any sign have other ids', () => {
  const ids = ['my loss', 'my_loss', 'my-loss', 'my.loss', 'my  loss', 'my__loss', 'my--loss'].map(
    (name) => vary(PeterRec, { loss: { own: 'loss', name, functions: { loss: code } } }).id,
  );
  assert.equal(new Set(ids).size, ids.length);
  for (const id of ids) assert.match(id, /^PeterRec-with-loss-my[A-Za-z0-9._-]*loss$/);
});

const gelu = /^activation gelu: .* patch scale and shift/;
const refusals: readonly (readonly [FineTuning, Changes, RegExp])[] = [
  [causal.FineAll, { patches: { squeeze: 4 } }, /^FineAll on the causal trunk: expected .* patches/],
  [PeterRec, {}, /^PeterRec on the causal trunk: expected a change, found none/],
  [PeterRec, { patches: {} }, /^PeterRec on the causal trunk: expected a change, found none/],
  [PeterRec, { patches: { squeeze: 8 } }, /^squeeze 8: expected a change/],
  [PeterRec, { loss: 'authors', trunk: 'causal' }, /^trunk causal: expected a change/],
  [PeterRec, { training: 1 }, /^training 1: expected a change/],
  [PeterRec, absent('training'), /^training 1: expected a change/],
  [PeterRec, absent('negatives'), /^negatives uniform: expected a change/],
  [vary(PeterRec, { patches: { patch } }), { patches: { patch: structuredClone(patch) } }, /^patch scale/],
  [PeterRec, { patches: { patch, activation: 'gelu' } }, gelu],
  [vary(PeterRec, { patches: { patch } }), { patches: { activation: 'gelu' } }, gelu],
];
for (const [i, [method, changes, message]] of refusals.entries())
  test(`no variant: ${message} (${i})`, () =>
    assert.throws(() => vary(method, changes), { name: 'UserError', message }));

test('every value that a choice may have is PeterRec’s or offered for ablation', () => {
  const { perBlock, ...named } = patchChoices;
  const all = [PeterRec, ...choices.map(([, changes]) => changes)].flatMap(({ patches, ...others }) =>
    [...Object.entries(others), ...Object.entries(patches ?? {})].map(String),
  );
  for (const [choice, { options }] of Object.entries({ ...methodChoices, ...named }))
    for (const value of options) assert.ok(all.includes(String([choice, value])), `${choice} ${value}`);
  for (const value of perBlock.values) assert.ok(all.includes(`perBlock,${value}`));
  for (const choice of ['squeeze,16', 'training,0.5', 'pretraining,0.5']) assert.ok(all.includes(choice));
});

test('every choice changes PeterRec, is known and called like no other, and is a variant of it alone', () => {
  const variants = choices.map(([, changes]) => vary(PeterRec, changes));
  assert.equal(new Set(variants.map(identityOf)).size, choices.length);
  assert.equal(new Set(variants.map(({ label }) => label)).size, choices.length);
  for (const variant of variants) {
    assert.match(variant.id, /^PeterRec-with-[A-Za-z0-9.-]{1,64}$/);
    assert.notDeepEqual({ ...variant, id: PeterRec.id, label: PeterRec.label }, PeterRec);
    const of = [PeterRec, nonCausal.PeterRec, causal.PeterZeroFrozen].map((one) => isVariant(variant, one));
    assert.deepEqual(of, [true, false, false], variant.label);
  }
});

const squeezed: Changes = { patches: { squeeze: 16 } };
/** The method with another loss under the id that it has. */
const bare: FineTuning = { ...PeterRec, loss: 'authors' };
const document = { ...vary(PeterRec, squeezed), budget: { batch: 8 }, code: 'c0de' };
type Pair = readonly [what: string, found: Parameters<typeof isVariant>[0], method: FineTuning];

const strangers: readonly Pair[] = [
  ['the variant of a namesake with another loss', vary(PeterRec, squeezed), bare],
  ['the variant of the method beside a namesake’s', vary(bare, squeezed), PeterRec],
  ['the variant of a variant', vary(byAuthors, squeezed), PeterRec],
  ['a variant of the method beside one of its variants', vary(PeterRec, squeezed), byAuthors],
  ['the method itself', PeterRec, PeterRec],
  ['the same method on the other trunk', nonCausal.PeterRec, PeterRec],
  ['the variant of the method on the other trunk', vary(nonCausal.PeterRec, squeezed), PeterRec],
  ['the other method moved to this trunk', vary(nonCausal.PeterRec, { trunk: 'causal' }), PeterRec],
  ['a variant that learns from less than its method', vary(little, squeezed), PeterRec],
  ['a variant that learns from more than its method', vary(PeterRec, squeezed), little],
  ['a variant of shorter pre-training', vary({ ...PeterRec, pretraining: 0.1 }, squeezed), PeterRec],
];
const own: readonly Pair[] = [
  ['of a variant', vary(byAuthors, squeezed), byAuthors],
  ['of a namesake', vary(bare, squeezed), bare],
  ['the variant itself', byAuthors, PeterRec],
  ['a document with other keys', JSON.parse(JSON.stringify(document)), PeterRec],
  ['with the share of its method', vary(little, squeezed), little],
  ['with another share', vary(little, { training: 0.5 }), little],
  ['with shorter pre-training', vary(little, { pretraining: 0.1 }), little],
];
test('a variant differs from its method in the choices that its id names, and in no other', () => {
  for (const [what, found, method] of strangers) assert.ok(!isVariant(found, method), what);
  for (const [what, found, method] of own) assert.ok(isVariant(found, method), what);
});
