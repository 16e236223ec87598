import path from 'node:path';
import { initCard, type Written } from '../../../datasets/propose/init';
import { shellWord } from '../../../setup/tools/project';
import { runCommand } from '../program';

interface Options {
  /** An absolute path of a file or a folder. */
  readonly path: string;
}

async function init({ path: place }: Options): Promise<number> {
  const written = await initCard(place, (what) => console.log(`${what} …`));
  const width = Math.max(...written.reasons.map(({ what }) => what.length));
  for (const { what, why } of written.reasons) console.log(`${what.padEnd(width)}  ${why}`);
  console.log(outcome(written));
  return 0;
}

function outcome({ file, isNew, added }: Written): string {
  if (added.length === 0) return `${file} was there and works: it was kept as it is`;
  const what = isNew ? `${file} is written` : `${file} was kept, and has got ${added.join(', ')}`;
  return `${what}\nnext: npm run data -- ${shellWord(path.dirname(file))}`;
}

runCommand(init);
