/** Cells in the kernel's own modules, in a process of their own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { inProject } from '../../lib/setup/tools/project';

/** Whether a cell was right, what its last line gave, and what it wrote as an error. */
type Ran = { readonly right: boolean; readonly gave: unknown; readonly said: string };

/** In place of a cell: the notebook starts over. */
export const START_OVER = '// start over';

/** Runs cells one after the other as the kernel does. What a last line gives must be JSON. */
export function ran(...cells: readonly string[]): Ran[] {
  const script = `
    const [kernel, cells, startOver] = JSON.parse(process.argv[1]);
    const { sys } = require('@tslab/typescript-for-tslab');
    sys.watchDirectory = () => ({ close: () => {} });
    require(kernel + '/library').offerLibrary();
    require(kernel + '/kept').offerKept();
    require(kernel + '/errors').offerErrors();
    const node = require('tslab/dist/converter.js').createConverter({});
    let [gave, said] = [undefined, []];
    const own = { log: (value) => { gave = value; }, error: (...what) => said.push(require('util').format(...what)) };
    const { execute, reset } = require('tslab/dist/executor.js').createExecutor(process.cwd(), { node }, own);
    (async () => {
      const found = [];
      for (const cell of cells) {
        [gave, said] = [undefined, []];
        const right = cell === startOver ? (reset(), true) : await execute(cell);
        found.push({ right, gave, said: said.join('\\n') });
      }
      process.stdout.write(JSON.stringify(found), () => process.exit());
    })();`;
  const argument = JSON.stringify([inProject('lib/setup/kernel'), cells, START_OVER]);
  const child = spawnSync(process.execPath, ['-e', script, argument], { cwd: inProject(), encoding: 'utf8' });
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout);
}
