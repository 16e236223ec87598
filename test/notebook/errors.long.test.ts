/** What a cell that goes wrong says, in the kernel's own modules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { completed } from './cells';

const LATE =
  "import { UserError } from './lib/base/userError';\nasync function late() {\n  await null;\n  throw new UserError('expected another');\n}";
const DEEP =
  "import { UserError } from './lib/base/userError';\n" +
  'const deep = (depth: number): number => (depth === 0 ? refuse() : [0].map(() => deep(depth - 1))[0]);\n' +
  "function refuse(): never {\n  throw new UserError('expected another');\n}\nawait Promise.resolve();\ndeep(12);";
const HALF =
  'type Size = { readonly users: number };\n\n// halves\nfunction half({ users }: Size): number {\n  if (users % 2) throw new RangeError(String(users));\n  return users / 2;\n}';

const mistakes: readonly (readonly [what: string, cells: readonly string[], ...said: readonly RegExp[]])[] = [
  [
    'of a function in another cell',
    [HALF, 'const sizes: number[] = [2, 3];\nconst halves = sizes.map((users): number => half({ users }));'],
    /^RangeError: 3\n {4}in cell \[\d+\], line 5: if \(users % 2\) throw new RangeError\(String\(users\)\);\n/,
    /\n {4}in cell \[\d+\], line 2: const halves = sizes\.map\(\(users\): number => half\(\{ users \}\)\);/,
  ],
  [
    'after an await',
    [
      'await new Promise((resolve) => setTimeout(resolve, 1));\nconst nothing = undefined as unknown as { readonly at: number };\nconst late: number = nothing.at;',
    ],
    /^TypeError: Cannot read properties of undefined.*\n {4}in cell \[\d+\], line 3: const late: number = nothing\.at;/,
  ],
  [
    'of types, with its column',
    ['const one = 1;', 'const two: number = one;\nconst three: string = two;'],
    /^Cell \[\d+\], line 2, column 7: Type 'number' is not assignable to type 'string'\.$/,
  ],
  [
    'of the library, with its places there',
    ["import { groupByUser } from './lib/metrics/perUser';\ngroupByUser(undefined as never, []);"],
    /^TypeError: .*\n {4}in groupByUser, \.\/lib\/metrics\/perUser\.ts:\d+:\d+\n {4}in cell \[\d+\], line 2: groupByUser\(undefined as never, \[\]\);$/,
  ],
  [
    'of a user, with the line of the cell alone',
    [
      "import { openWorkbench } from './lib/experiments/workbench/workbench';\n\nopenWorkbench({ data: 'nowhere', preset: 'quick', seeds: 1, out: null, device: 'auto' });",
    ],
    /^UserError: .*nowhere.*\n {4}in cell \[\d+\], line 3: openWorkbench\(.*$/,
  ],
  [
    'however deep',
    [DEEP],
    /\n {4}in cell \[\d+\], line 4: throw/,
    /\n {4}in cell \[\d+\], line 7: deep\(12\);$/,
  ],
  [
    'that is found late',
    [LATE, 'const found = 1;\n\nawait late();'],
    /\n {4}in cell \[\d+\], line 3: await late\(\);$/,
  ],
  [
    'with its cause',
    ["throw new Error('outer', { cause: new Error('inner') });"],
    /^Error: outer\n.*line 1.*\nBecause of Error: inner\n.*line 1/,
  ],
  ['that Stop is', ["process.kill(process.pid, 'SIGINT');\nwhile (true) {}"], /^Stopped: [^\n]*$/],
  [
    'that nobody waited for',
    ["void Promise.reject(new Error('lost'));"],
    /^A promise without await was rejected\. Error: lost\n {4}in cell \[\d+\], line 1: /,
  ],
];
test('an error names the line as it was written; the next cell runs', () => {
  const found = completed(...mistakes.flatMap(([, cells]) => [...cells, 'const fine = 1;']));
  for (const [what, cells, ...said] of mistakes) {
    const [wrong, next] = found.splice(0, cells.length + 1).slice(-2);
    assert.deepEqual([wrong.right, next.right], [false, true], what);
    for (const line of said) assert.match(wrong.said, line);
    assert.doesNotMatch(wrong.said, /node_modules|node:|evalmachine/);
  }
});

test('a cell that failed sets no variable', () => {
  const [, failed, after, unknown] = completed(
    'const size = 3;',
    "const size = 'x'.repeat(2);\nconst later = 1;\nthrow new Error('x');",
    'size.toFixed(1)',
    'later',
  );
  assert.deepEqual([failed.right, after.gave, unknown.right], [false, '3.0', false]);
});
