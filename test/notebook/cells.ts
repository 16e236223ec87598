/** Cells in the kernel's own modules, in a process of their own. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { inProject } from '../../lib/setup/tools/project';

/** Whether a cell was right, what its last line gave, and what it wrote as output and as an error. */
type CompletedRun = {
  readonly right: boolean;
  readonly gave: unknown;
  readonly wrote: string;
  readonly said: string;
};

/** A cell, or a module of lib with its text from then on. */
type Act = string | readonly [module: string, text: string];

/** Runs cells one after the other as the kernel of a project does. What a last line gives must be JSON. */
export function ranIn(root: string, acts: readonly Act[]): CompletedRun[] {
  const script = `
    const [root, acts] = JSON.parse(process.argv[1]);
    const [fs, { format }] = [require('fs'), require('util')];
    process.chdir(root);
    const kernel = root + '/lib/notebook/tslab';
    require(kernel + '/compiler').offerCompiler();
    require(kernel + '/library').offerLibrary();
    require(kernel + '/errors').offerErrors();
    const node = require('tslab/dist/converter.js').createConverter({});
    let [gave, wrote, said] = [undefined, [], []];
    const own = { log: (value) => { gave = value; }, error: (...what) => said.push(format(...what)) };
    const { execute } = require('tslab/dist/executor.js').createExecutor(root, { node }, own);
    console.log = (...what) => void wrote.push(format(...what));
    let time = Date.now() / 1000;
    (async () => {
      const found = [];
      for (const act of acts) {
        if (Array.isArray(act)) {
          const file = root + '/lib/' + act[0];
          fs.writeFileSync(file, act[1]);
          fs.utimesSync(file, ++time, time);
          continue;
        }
        [gave, wrote, said] = [undefined, [], []];
        const right = await execute(act);
        found.push({ right, gave, wrote: wrote.join('\\n'), said: said.join('\\n') });
      }
      process.stdout.write(JSON.stringify(found), () => process.exit());
    })();`;
  const options = { cwd: inProject(), encoding: 'utf8' } as const;
  const child = spawnSync(process.execPath, ['-e', script, JSON.stringify([root, acts])], options);
  assert.equal(child.status, 0, child.stderr);
  return JSON.parse(child.stdout);
}

export const completed = (...cells: readonly string[]): CompletedRun[] => ranIn(inProject(), cells);
