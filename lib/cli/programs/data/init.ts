import path from 'node:path';
import { initCard } from '../../../datasets/propose/init';
import { shellWord } from '../../../setup/tools/shellWord';
import { runCommand } from '../runCommand';

interface Options {
  /** An absolute path of a file or a folder. */
  readonly path: string;
}

async function init({ path: place }: Options): Promise<number> {
  const { file, isNew, added, reasons } = await initCard(place, (what) => console.log(`${what} …`));
  const width = Math.max(...reasons.map(({ what }) => what.length));
  for (const { what, why } of reasons) console.log(`${what.padEnd(width)}  ${why}`);
  if (added.length === 0) console.log(`${file} was there and works: it was kept as it is`);
  else {
    console.log(isNew ? `${file} is written` : `${file} was kept, and has got ${added.join(', ')}`);
    console.log(`next: npm run data -- ${shellWord(path.dirname(file))}`);
  }
  return 0;
}

runCommand(init);
