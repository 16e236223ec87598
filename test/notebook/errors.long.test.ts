/** What a cell that goes wrong says, in the kernel's own modules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ran } from './cells';

test('what is wrong in a cell is named with the line as it was written, in the cell that holds it', () => {
  const [first, second, third] = ran(
    'type Size = { readonly users: number };\n\n// halves\nfunction half({ users }: Size): number {\n  if (users % 2) throw new RangeError(String(users));\n  return users / 2;\n}',
    'const sizes: number[] = [2, 3];\nconst halves = sizes.map((users): number => half({ users }));',
    'await new Promise((resolve) => setTimeout(resolve, 1));\nconst nothing = undefined as unknown as { readonly at: number };\nconst late: number = nothing.at;',
  );
  assert.deepEqual([first.right, second.right, third.right], [true, false, false]);
  const [message, thrown, called] = second.said.split('\n');
  assert.equal(message, 'RangeError: 3');
  assert.equal(thrown, '    in cell [1], line 5: if (users % 2) throw new RangeError(String(users));');
  assert.equal(
    called,
    '    in cell [2], line 2: const halves = sizes.map((users): number => half({ users }));',
  );
  assert.match(third.said, /^TypeError: Cannot read properties of undefined/);
  assert.match(third.said, /in cell \[3\], line 3: const late: number = nothing\.at;/);
  assert.doesNotMatch(second.said + third.said, /node_modules|node:|evalmachine/);
});

test('a type error names cell, line and column', () => {
  const [, { right, said }] = ran('const one = 1;', 'const two: number = one;\nconst three: string = two;');
  assert.equal(right, false);
  assert.equal(said, "Cell [2], line 2, column 7: Type 'number' is not assignable to type 'string'.");
});

test('an error of the library is shown with its places there, a user’s mistake with the line of the cell alone', () => {
  const [broken, mistake] = ran(
    "import { groupByUser } from './lib/metrics/bootstrap';\ngroupByUser(undefined as never, []);",
    "import { openWorkbench } from './lib/runs/workbench';\n\nopenWorkbench({ data: 'nowhere', preset: 'quick', seeds: 1, out: null, device: 'auto' });",
  );
  assert.match(
    broken.said,
    /^TypeError: .*\n {4}in groupByUser, \.\/lib\/metrics\/bootstrap\.ts:\d+:\d+\n {4}in cell \[1\], line 2: groupByUser\(undefined as never, \[\]\);$/,
  );
  assert.match(mistake.said, /^UserError: .*nowhere.*\n {4}in cell \[2\], line 3: openWorkbench\(/);
  assert.equal(mistake.said.split('\n').length, 2);
});

test('the line of the cell is named however deep in the library the mistake was found', () => {
  const [mistake] = ran(
    "import { UserError } from './lib/userError';\n" +
      'const deep = (depth: number): number => (depth === 0 ? refuse() : [0].map(() => deep(depth - 1))[0]);\n' +
      "function refuse(): never {\n  throw new UserError('expected another');\n}\nawait Promise.resolve();\ndeep(12);",
  );
  assert.match(mistake.said, /^UserError: expected another\n {4}in cell \[1\], line 4: throw/);
  assert.match(mistake.said, /\n {4}in cell \[1\], line 7: deep\(12\);$/);
});

test('the line of the cell is named where the library found the mistake after it had waited', () => {
  const [, mistake] = ran(
    "import { UserError } from './lib/userError';\nasync function late() {\n  await null;\n  throw new UserError('expected another');\n}",
    'const found = 1;\n\nawait late();',
  );
  assert.match(mistake.said, /\n {4}in cell \[2\], line 3: await late\(\);$/);
});

test('a cell that was stopped says what is left of it', () => {
  const [stopped, next] = ran("process.kill(process.pid, 'SIGINT');\nwhile (true) {}", 'const fine = 1;');
  assert.deepEqual([stopped.right, next.right], [false, true]);
  assert.match(stopped.said, /^Stopped: variables that this cell had set are kept; [^\n]*$/);
});

test('a promise that nobody waited for fails its cell', () => {
  const [lost, next] = ran("void Promise.reject(new Error('lost'));", 'const fine = 1;');
  assert.deepEqual([lost.right, next.right], [false, true]);
  assert.match(
    lost.said,
    /^A promise that nobody waited for was rejected\. Error: lost\n {4}in cell \[1\], line 1: /,
  );
});

test('what caused an error stands below it', () => {
  const [{ said }] = ran("throw new Error('outer', { cause: new Error('inner') });");
  assert.match(said, /^Error: outer\n.*line 1.*\nBecause of Error: inner\n.*line 1/);
});
