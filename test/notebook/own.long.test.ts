/** Functions of cells: what of them is kept, and what they may not read. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Code, Own } from '../../lib/experiments/methods/own/own';
import { inProject } from '../../lib/setup/tools/project';
import { completed } from './cells';

const imports = "import { own, scoreOf, tf, ones } from './lib/notebook/own/own';";
const hinge = (body: string) =>
  `own.loss('hinge', (h, head, { labels, negatives, weights }) => {\n${body}\n});`;
const margins = '  const margin = tf.sub(scoreOf(h, head, labels), scoreOf(h, head, negatives));';
const mean = '  return tf.div(tf.sum(tf.mul(weights, tf.relu(tf.sub(1, margin)))), tf.sum(weights));';

const lossOf = (gave: unknown): Code => (gave as Own<'loss'>).functions.loss;

test('a function is kept with what it imports; a comment, a blank and a type keep it, a changed line does not', () => {
  const [, first, second, third] = completed(
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
  const [, before, , same] = completed(
    imports,
    "own.loss('sum', (h) => tf.sum(ones([1]).shape.length > 0 ? h : h));",
    "import { tf as T2, ones as one } from './lib/notebook/own/own';",
    "import { tf as T3 } from './lib/notebook/own/own';\nown.loss('sum', (h) => T3.sum(one([1]).shape.length > 0 ? h : h));",
  );
  assert.deepEqual(same.gave, before.gave);
  assert.match(lossOf(same.gave).source, /exports\.tf\.sum\(.*exports\.ones\(/);
});

test('what a function reads that is neither its own nor imported is refused by its name', () => {
  const refused = [
    ['margin', `const margin = 1;\n${hinge('  return tf.mul(margin, tf.sum(h));')}`],
    ['scale', 'const make = (scale: number) => own.loss("l", (h) => tf.mul(scale, tf.sum(h)));\nmake(2);'],
    ['process', 'own.loss("l", (h) => tf.mul(Number(process.env.SCALE), tf.sum(h)));'],
    ['globalThis', 'own.loss("l", (h) => tf.mul((globalThis as any).scale, tf.sum(h)));'],
    ['Math.random', 'own.negatives("n", (label, { labels }) => Math.floor(Math.random() * labels));'],
    ['Math.random', 'own.negatives("n", (label) => { const { random } = Math; return random(); });'],
    ['Date', 'own.negatives("n", () => Date.now());'],
    ['a, b', 'const [a, b] = [1, 2];\nown.loss("l", (h) => tf.mul(a + b + a, tf.sum(h)));'],
    ['ones', 'const ones = (shape: number[]) => 1;\nown.loss("l", (h) => tf.mul(ones([1]), tf.sum(h)));'],
  ];
  const [, ...found] = completed(imports, ...refused.map(([, cell]) => cell));
  for (const [i, [names]] of refused.entries())
    assert.ok(
      found[i].said.startsWith('UserError: ') && found[i].said.includes(`: it reads ${names}; expected`),
      found[i].said,
    );
});

test('what a function defines itself is its own: parameters, variables, methods, accessors and fields', () => {
  const [, { right, said }] = completed(
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

test('both functions of a patch are kept, written as methods too; an import of a cell that fails is none', () => {
  const [, film, broken, kept] = completed(
    imports,
    "own.patch('FiLM', {\n  fresh: (k) => ({ scale: ones([k]) }),\n  apply(E, { scale }) { return tf.mul(E, scale); },\n});",
    "import { pointwise as tf } from './lib/notebook/own/own';\nconst no: number = 'text';",
    'own.loss("l", (h) => tf.sum(h));',
  );
  const { fresh, apply } = (film.gave as Own<'patch'>).functions;
  assert.match(fresh.source, /^\(?\(?k\)? => /);
  assert.match(apply.source, /\.apply$/);
  assert.equal(broken.right, false);
  assert.equal(lossOf(kept.gave).imports[0].name, 'tf');
});

test('no function, no name and the name of a shipped choice are refused; that of a choice of another kind is not', () => {
  const refused: readonly (readonly [string, RegExp])[] = [
    ["own.loss('none', undefined as any);", /^UserError: loss none: .*found none/],
    ["own.patch('half', { fresh: () => ({}) } as any);", /^UserError: patch half, apply: .*found none/],
    ["own.loss('class', class {} as any);", /^UserError: loss class: .*found a class/],
    ["own.loss('', (h) => tf.sum(h));", /^UserError: own\.loss: .*found ""/],
    ["own.insertion('serial', ({ psi, finish, P }) => finish(P(psi)));", /own\.insertion: .*"serial"/],
    ["own.loss('authors', (h) => tf.sum(h));", /own\.loss: .*"authors"/],
    ["own.selection('classifier', (model) => [model.head]);", /own\.selection: .*"classifier"/],
  ];
  const found = completed(imports, ...refused.map(([cell]) => cell), "own.loss('serial', (h) => tf.sum(h));");
  for (const [i, [, said]] of refused.entries()) assert.match(found[i + 1].said, said);
  assert.equal(found.at(-1)?.right, true, found.at(-1)?.said);
});

const scaledBy = (scale: number) =>
  "import type { Tensor } from '@tensorflow/tfjs-node-gpu';\nimport { tf } from '../lib/engine/native';\n" +
  `export const scaled = (h: Tensor) => tf.mul(${scale}, tf.sum(h));\n`;

test('a function of a file is kept by the file; one that is edited is another, and is what the file says now', (t) => {
  const file = inProject('notebooks', `ownLoss${process.pid}.ts`);
  const module = `./notebooks/${path.basename(file, '.ts')}`;
  t.after(() => fs.rmSync(file, { force: true }));
  fs.writeFileSync(file, scaledBy(2));
  const take = `import { scaled } from '${module}';\nconst taken = own.loss('scaled', scaled);`;
  const call =
    "[taken.functions.loss, (ownFunction(taken, 'loss')(tf.tensor([1, 2])) as any).dataSync()[0]];";
  const edit = `fs.writeFileSync(${JSON.stringify(file)}, ${JSON.stringify(scaledBy(5))});`;
  const [, , before, , , stale, , after] = completed(
    `${imports}\nimport fs from 'node:fs';\nimport { ownFunction } from './lib/experiments/methods/own/call';`,
    ...[take, call, edit, '1;', call, take, call],
  );
  assert.equal(before.said, '');
  const [code, value] = before.gave as [Code, number];
  assert.deepEqual(
    [code.source, code.imports.map(({ as, module, name }) => [as, module, name]), value],
    ['exports.scaled', [['scaled', module, 'scaled']], 6],
  );
  assert.match(stale.said, /^UserError: loss scaled: .* changed since .*run the cell again/);
  const [edited, now] = after.gave as [Code, number];
  assert.notEqual(edited.imports[0].digest, code.imports[0].digest);
  assert.equal(now, 15);
});
