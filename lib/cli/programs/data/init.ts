import path from 'node:path';
import { initCard } from '../../../data/propose/init';
import { shellWord } from '../../../setup/tools/project';
import { runCommand } from '../program';

/** The path is that of a file or a folder. */
async function init({ path: place }: { readonly path: string }): Promise<number> {
  const { file, added, reasons } = await initCard(place, (what) => console.log(`${what} …`));
  const width = Math.max(...reasons.map(({ what }) => what.length));
  for (const { what, why } of reasons) console.log(`${what.padEnd(width)}  ${why}`);
  const next = `next: npm run data -- ${shellWord(path.dirname(file))}`;
  console.log(
    added.length > 0 ? `${file} is written\n${next}` : `${file} was there and works: it was kept as it is`,
  );
  return 0;
}

runCommand(init);
