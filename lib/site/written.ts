/** What the pages of the guide say, each from its file. */
import fs from 'node:fs';
import path from 'node:path';
import { titleOf } from '../report/notebookFile';
import { inProject, portable } from '../setup/tools/project';
import { codePart, notebookParts, type Part } from './notebookParts';

export type Kind = 'guide' | 'notebook' | 'file';

export interface Written {
  readonly kind: Kind;
  /** The file that its relative links start from. */
  readonly source: string;
  /** As plain text. */
  readonly title: string;
  readonly parts: readonly Part[];
}

/** Markdown and notebooks as they are meant to be read, any other file as its text; notebooks as the run executed them. */
export function writtenIn(file: string, run: string): Written {
  const ending = path.extname(file);
  if (ending === '.md')
    return pageOf('guide', file, [{ kind: 'words', text: fs.readFileSync(file, 'utf8') }]);
  if (ending === '.ipynb') {
    const source = executed(file, run);
    return pageOf('notebook', source, notebookParts(source));
  }
  const heading: Part = { kind: 'words', text: `# \`${portable(file)}\`` };
  return pageOf('file', file, [heading, codePart(ending.slice(1), fs.readFileSync(file, 'utf8'))]);
}

/** The project's notebook of this name, wherever a run has left it executed. */
export const homeOf = (file: string): string =>
  file.endsWith('.ipynb') ? inProject('notebooks', path.basename(file)) : file;

function executed(file: string, run: string): string {
  const there = path.join(run, 'notebooks', path.basename(file));
  return fs.existsSync(there) ? there : file;
}

const pageOf = (kind: Kind, source: string, parts: readonly Part[]): Written => ({
  kind,
  source,
  title: titleOf(parts[0]?.text ?? '').replaceAll('`', ''),
  parts,
});
