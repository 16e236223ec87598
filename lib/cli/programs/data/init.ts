import path from 'node:path';
import { initCard, type Written } from '../../../datasets/propose/init';
import { shellWord } from '../../../setup/tools/shellWord';
import { runCommand } from '../runCommand';

interface Options {
  /** An absolute path of a file or a folder. */
  readonly path: string;
}

async function init({ path: place }: Options): Promise<number> {
  const { said, done } = onceSlow((what) => console.log(`${what} …`));
  const written = await initCard(place, said).finally(done);
  const width = Math.max(...written.reasons.map(({ what }) => what.length));
  for (const { what, why } of written.reasons) console.log(`${what.padEnd(width)}  ${why}`);
  console.log(outcome(written));
  return 0;
}

const SLOW_MS = 2000;

/** Passes on what is being done once the whole has taken a while; what is quick needs no such words. */
function onceSlow(say: (what: string) => void) {
  let [now, isSlow] = ['', false];
  const timer = setTimeout(() => {
    isSlow = true;
    say(now);
  }, SLOW_MS);
  const said = (what: string) => {
    now = what;
    if (isSlow) say(what);
  };
  return { said, done: () => clearTimeout(timer) };
}

function outcome({ file, isNew, added }: Written): string {
  const folder = path.dirname(file);
  if (added.length === 0) return `${file} was there and works: it was kept as it is`;
  const what = isNew ? `${file} is written` : `${file} was kept, and has got ${added.join(', ')}`;
  return `${what}\nnext: npm run data -- ${shellWord(folder)}`;
}

runCommand(init);
