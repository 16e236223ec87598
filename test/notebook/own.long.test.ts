/** Functions of cells: what of them is kept, and what they may not read. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Code, Own } from '../../lib/methods/own/own';
import { inProject } from '../../lib/setup/tools/project';
import { ran } from './cells';

const imports = "import { own, scoreOf, tf, ones } from './lib/notebook/own/own';";
const hinge = (body: string) =>
  `own.loss('hinge', (h, head, { labels, negatives, weights }) => {\n${body}\n});`;
const margins = '  const margin = tf.sub(scoreOf(h, head, labels), scoreOf(h, head, negatives));';
const mean = '  return tf.div(tf.sum(tf.mul(weights, tf.relu(tf.sub(1, margin)))), tf.sum(weights));';

const lossOf = (gave: unknown): Code => (gave as Own<'loss'>).functions.loss;

test('a function is kept with what it imports; a comment, a blank and a type keep it, a changed line does not', () => {
  const [, first, second, third] = ran(
    imports,
    hinge(`${margins}\n${mean}`),
    hinge(`  // of pairs\n${margins.replace('margin', 'margin: any')}\n\n${mean}`),
    hinge(`${margins}\n${mean.replace('1', '2')}`),
  );
  const kept = lossOf(first.gave);
  assert.deepEqual(kept.imports.map(({ as, module, name }) => [as, module, name]).sort(), [
    ['scoreOf', './lib/notebook/own/own', 'scoreOf'],
    ['tf', './lib/notebook/own/own', 'tf'],
  ]);
  assert.match(kept.source, /exports\.tf\.relu/);
  assert.deepEqual(second.gave, first.gave);
  assert.notEqual(lossOf(third.gave).source, kept.source);
});

test('a function is the same whether its cell imports what it reads, or one before, under whatever name', () => {
  const [, before, , same] = ran(
    imports,
    "own.loss('sum', (h) => tf.sum(ones([1]).shape.length > 0 ? h : h));",
    "import { tf as T2, ones as one } from './lib/notebook/own/own';",
    "import { tf as T3 } from './lib/notebook/own/own';\nown.loss('sum', (h) => T3.sum(one([1]).shape.length > 0 ? h : h));",
  );
  assert.deepEqual(same.gave, before.gave);
  assert.match(lossOf(same.gave).source, /exports\.tf\.sum\(.*exports\.ones\(/);
});

const refused: readonly (readonly [what: string, cell: string, names: string])[] = [
  [
    'a variable of the notebook',
    `const margin = 1;\n${hinge('  return tf.mul(margin, tf.sum(h));')}`,
    'margin',
  ],
  [
    'a variable of a function around',
    'const make = (scale: number) => own.loss("l", (h) => tf.mul(scale, tf.sum(h)));\nmake(2);',
    'scale',
  ],
  ['the process', 'own.loss("l", (h) => tf.mul(Number(process.env.SCALE), tf.sum(h)));', 'process'],
  ['all that is global', 'own.loss("l", (h) => tf.mul((globalThis as any).scale, tf.sum(h)));', 'globalThis'],
  [
    'the dice',
    'own.negatives("n", (label, { labels }) => Math.floor(Math.random() * labels));',
    'Math.random',
  ],
  [
    'the dice by another way',
    'own.negatives("n", (label, { labels }) => { const { random } = Math; return Math.floor(random() * labels); });',
    'Math',
  ],
  ['the time', 'own.negatives("n", () => Date.now());', 'Date'],
  ['what calls it', 'own.patch("p", { fresh: () => ({}), apply(this: any, E) { return this.x; } });', 'this'],
  ['two variables', 'const [a, b] = [1, 2];\nown.loss("l", (h) => tf.mul(a + b + a, tf.sum(h)));', 'a, b'],
];
for (const [what, cell, names] of refused) {
  test(`a function that reads ${what} is refused by its name`, () => {
    const [, { said }] = ran(imports, cell);
    assert.match(
      said,
      new RegExp(
        `^UserError: [^:]+: it reads ${names.replace('.', '\\.')}, which its source does not hold; expected`,
      ),
    );
  });
}

test('what a function defines itself is its own: parameters, variables, methods, accessors and fields', () => {
  const [, { right, said }] = ran(
    imports,
    `own.loss('l', (h, _head, { labels: own = h, ...others }) => {
      class Scale { by = 2; get twice() { return this.by; } set twice(to) { this.by = to; } }
      const scale = { get x() { return 1; }, y: 2, [String(3)]: 3 };
      function half(of: number): number { return of > 1 ? half(of / 2) : of; }
      try { half(scale.x); } catch (error) { console.log(error); }
      outer: for (const i of [1]) { for (;;) { if (i) break outer; } }
      return tf.mul(new Scale().twice + scale.y, tf.sum(own ?? others.weights));
    });`,
  );
  assert.equal(right, true, said);
});

test('an import that a later cell hides is a variable; one of a cell that cannot be compiled is none', () => {
  const [, , hidden, broken, kept] = ran(
    imports,
    'const ones = (shape: number[]) => shape.length;',
    'own.loss("l", (h) => tf.mul(ones([1]), tf.sum(h)));',
    "import { pointwise as tf } from './lib/notebook/own/own';\nconst no: number = 'text';",
    'own.loss("l", (h) => tf.sum(h));',
  );
  assert.match(hidden.said, /it reads ones, /);
  assert.equal(broken.right, false);
  assert.equal(lossOf(kept.gave).imports[0].name, 'tf');
});

test('both functions of a patch are kept, written as methods too; what is no function or has no name is refused', () => {
  const [, film, none, unnamed, half] = ran(
    imports,
    "own.patch('FiLM', {\n  fresh: (k) => ({ scale: ones([k]) }),\n  apply(E, { scale }) { return tf.mul(E, scale); },\n});",
    "own.loss('none', undefined as any);",
    "own.loss('', (h) => tf.sum(h));",
    "own.patch('half', { fresh: () => ({}) } as any);",
  );
  const { fresh, apply } = (film.gave as Own<'patch'>).functions;
  assert.match(fresh.source, /^\(?\(?k\)? => /);
  assert.match(apply.source, /\.apply$/);
  assert.match(none.said, /^UserError: loss none: expected a function, found none/);
  assert.match(half.said, /^UserError: patch half, apply: expected a function, found none/);
  assert.match(unnamed.said, /^UserError: own\.loss: expected a name of at most 40 letters/);
});

test('a name that a shipped choice has is refused; one that a choice of another kind has is not', () => {
  const [, place, loss, tuned, other] = ran(
    imports,
    "own.insertion('serial', ({ psi, normRelu, P }) => normRelu(P(psi)));",
    "own.loss('authors', (h) => tf.sum(h));",
    "own.selection('classifier', (model) => [model.head]);",
    "own.loss('serial', (h) => tf.sum(h));",
  );
  for (const [{ said }, kind, name] of [
    [place, 'insertion', 'serial'],
    [loss, 'loss', 'authors'],
    [tuned, 'selection', 'classifier'],
  ] as const)
    assert.equal(
      said.split('\n')[0],
      `UserError: own.${kind}: expected another name than that of a shipped choice, found "${name}"`,
    );
  assert.equal(other.right, true, other.said);
});

test('the place that a notebook shows is taken as it is written', () => {
  const shown = fs.readFileSync(inProject('notebooks', 'your-own-method.ipynb'), 'utf8');
  const [, line] = /`(own\.insertion\(.*?\))` is Fig\. 3c/.exec(shown) ?? [];
  const [, { right, said }] = ran(imports, `${line};`);
  assert.equal(right, true, said);
});

/** A module beside the notebooks that lasts as long as a test, and what writes it. */
function moduleFor(t: TestContext, name: string) {
  const file = inProject('notebooks', `${name}${process.pid}.ts`);
  t.after(() => fs.rmSync(file, { force: true }));
  return { file, module: `./notebooks/${path.basename(file, '.ts')}` };
}

const scaledBy = (scale: number) =>
  "import type { Tensor } from '@tensorflow/tfjs-node-gpu';\nimport { tf } from '../lib/tensorflow/native';\n" +
  `export const scaled = (h: Tensor) => tf.mul(${scale}, tf.sum(h));\n` +
  'export const inside = { scaled: (h: Tensor) => scaled(h) };\n';

test('a function of a file is kept by the file; one that is edited is another, and is what the file says now', (t) => {
  const { file, module } = moduleFor(t, 'ownLoss');
  fs.writeFileSync(file, scaledBy(2));
  const take = `import { scaled } from '${module}';\nconst taken = own.loss('scaled', scaled);`;
  const call =
    "[taken.functions.loss, (ownFunction(taken, 'loss')(tf.tensor([1, 2])) as any).dataSync()[0]];";
  const edit = `fs.writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(scaledBy(5))});`;
  const [, , before, , , stale, , after] = ran(
    `${imports}\nimport fs from 'node:fs';\nimport { ownFunction } from './lib/methods/own/call';`,
    take,
    call,
    edit,
    '1;',
    call,
    take,
    call,
  );
  assert.equal(before.said, '');
  const [code, value] = before.gave as [Code, number];
  assert.deepEqual(
    [code.source, code.imports.map(({ as, module, name }) => [as, module, name]), value],
    ['exports.scaled', [['scaled', module, 'scaled']], 6],
  );
  assert.match(
    stale.said,
    /^UserError: loss scaled: .* was changed since the function was taken; run the cell again/,
  );
  const [edited, now] = after.gave as [Code, number];
  assert.notEqual(edited.imports[0].digest, code.imports[0].digest);
  assert.equal(now, 15);
});

test('a function that a file holds without exporting it is refused: what it reads there is not known', (t) => {
  const { file, module } = moduleFor(t, 'ownInside');
  fs.writeFileSync(file, scaledBy(2));
  const [{ said }] = ran(
    `${imports}\nimport { inside } from '${module}';\nown.loss('inside', inside.scaled);`,
  );
  assert.match(
    said,
    /^UserError: loss inside: expected a function that a cell holds, or one that a module exports/,
  );
});
