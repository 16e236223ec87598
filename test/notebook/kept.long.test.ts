/** What a cell that failed leaves, in the kernel's own modules. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { ran, START_OVER } from './cells';

const resultOf = ({ right, gave }: ReturnType<typeof ran>[number]) => [right, gave];

test('variables that a cell had set when it failed are there in the next, with their types', () => {
  const cells = ran(
    "import * as fs from 'node:fs';\nconst sizes = [2, 3];\ntype Size = (typeof sizes)[number];",
    "import path from 'node:path';\nconst half = sizes[0] / 2;\nconst [first, ...others] = sizes;\nfunction twice(x: Size) { return 2 * x; }\nclass Box { readonly side = half; }\nconst missing = others[7].toFixed();\nconst later = 1;",
    '[half, first, others, twice(first), new Box().side, path.basename("a/b"), typeof fs.existsSync]',
    'const text: string = half;',
    'half + first',
    'later',
    'missing',
  );
  assert.deepEqual(cells.map(resultOf), [
    [true, undefined],
    [false, undefined],
    [true, [1, 2, [3], 4, 1, 'b', 'function']],
    [false, undefined],
    [true, 3],
    [false, undefined],
    [false, undefined],
  ]);
  assert.match(cells[3].said, /Type 'number' is not assignable to type 'string'/);
  assert.match(cells[5].said, /Cannot find name 'later'/);
  assert.match(cells[6].said, /Cannot find name 'missing'/);
});

test('a variable that a cell was to set anew and did not come to is what it was, and of the type that it was', () => {
  const cells = ran(
    'const size = 3, unit = "cm";\nlet best: number | undefined;',
    "const unit = 5;\nconst size = 'x'.repeat(-1);",
    '[size.toFixed(1), unit.toFixed(1), best ?? 0]',
    "const size = await Promise.reject(new RangeError('late'));",
    'size',
  );
  assert.deepEqual(cells.map(resultOf), [
    [true, undefined],
    [false, undefined],
    [true, ['3.0', '5.0', 0]],
    [false, undefined],
    [true, 3],
  ]);
});

test('a notebook that starts over knows nothing of a cell that failed', () => {
  const [failed, , after] = ran("const a = 1;\nthrow new Error('x');", START_OVER, 'a');
  assert.deepEqual([failed.right, after.right], [false, false]);
});
