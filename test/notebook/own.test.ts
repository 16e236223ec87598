/** Functions of cells: what of them is kept, and what they may not read. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import type { Code, Own } from '../../lib/methods/own/own';
import { inProject } from '../../lib/setup/tools/project';
import { ran } from './cells';

const imports = "import { own, scoreOf, tf, ones } from './lib/notebook/own';";
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
    ['scoreOf', './lib/notebook/own', 'scoreOf'],
    ['tf', './lib/notebook/own', 'tf'],
  ]);
  assert.match(kept.source, /exports\.tf\.relu/);
  assert.deepEqual(second.gave, first.gave);
  assert.notEqual(lossOf(third.gave).source, kept.source);
});

test('a variable of the notebook, of a function around or of the process is refused by its name', () => {
  const make =
    'const make = (scale: number) => (own.loss("made", (h) => tf.mul(scale, tf.sum(h))));\nmake(2);';
  const [, notebook, around, ofProcess, shadowed] = ran(
    imports,
    `const margin = 1;\n${hinge('  return tf.mul(margin, tf.sum(h));')}`,
    make,
    'own.loss("told", (h) => tf.mul(Number(process.env.SCALE), tf.sum(h)));',
    'own.loss("own", (h) => { const margin = 3; return tf.mul(margin, tf.sum(h)); });',
  );
  assert.match(
    notebook.said,
    /^UserError: loss hinge: it reads margin, which its source does not hold; expected/,
  );
  assert.match(around.said, /^UserError: loss made: it reads scale, /);
  assert.match(ofProcess.said, /^UserError: loss told: it reads process, /);
  assert.equal(shadowed.right, true, shadowed.said);
});

test('an import that a later cell hides is a variable', () => {
  const [, , hidden] = ran(
    imports,
    'const ones = (shape: number[]) => shape.length;',
    'own.loss("l", (h) => tf.mul(ones([1]), tf.sum(h)));',
  );
  assert.match(hidden.said, /it reads ones, /);
});

test('both functions of a patch are kept, written as methods too; what is no function or has no name is refused', () => {
  const [, film, none, unnamed] = ran(
    imports,
    "own.patch('FiLM', {\n  fresh: (k) => ({ scale: ones([k]) }),\n  apply(E, { scale }) { return tf.mul(E, scale); },\n});",
    "own.loss('none', undefined as any);",
    "own.loss('', (h) => tf.sum(h));",
  );
  const { fresh, apply } = (film.gave as Own<'patch'>).functions;
  assert.match(fresh.source, /^\(?\(?k\)? => /);
  assert.match(apply.source, /\.apply$/);
  assert.match(none.said, /^UserError: loss none: expected a function, found none/);
  assert.match(unnamed.said, /^UserError: own\.loss: expected a name of at most 40 letters/);
});

test('a function of a file that a cell imports is kept by the file, and is another when the file is edited', (t) => {
  const file = inProject('notebooks', `ownLoss${process.pid}.ts`);
  t.after(() => fs.rmSync(file, { force: true }));
  const write = (scale: number) =>
    fs.writeFileSync(
      file,
      `import type { Tensor } from '@tensorflow/tfjs-node-gpu';\nimport { tf } from '../lib/tensorflow/native';\n` +
        `export const scaled = (h: Tensor) => tf.mul(${scale}, tf.sum(h));\n`,
    );
  const module = `./notebooks/${path.basename(file, '.ts')}`;
  const taken = () => {
    const [, { gave, said }] = ran(
      `${imports}\nimport { scaled } from '${module}';`,
      "own.loss('scaled', scaled);",
    );
    assert.equal(said, '');
    return lossOf(gave);
  };
  write(2);
  const before = taken();
  assert.equal(before.source, 'exports.scaled');
  assert.deepEqual(
    before.imports.map(({ as, module, name }) => [as, module, name]),
    [['scaled', module, 'scaled']],
  );
  write(3);
  assert.notEqual(taken().imports[0].digest, before.imports[0].digest);
});
