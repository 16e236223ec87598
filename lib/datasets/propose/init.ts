import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { writeWhole } from '../../files/whole';
import { UserError } from '../../userError';
import { parseCard, parseJson } from '../card/card';
import { UTF8 } from '../card/encoding';
import { quoted, readText } from '../card/textFile';
import { requireWorks } from '../open';
import { cacheFolder } from '../reading/cache';
import { openEngine } from '../reading/sql/engine';
import { matching, namesIn, openFolder } from '../reading/text/folder';
import { withMissingKeys } from './cardText';
import { firstOf } from './choose/firstOf';
import { nameOf } from './choose/names';
import type { Reason } from './choose/profile';
import { tablesIn } from './files';
import { type Given, type Looking, type Proposal, propose } from './proposal';

/** What became of the card of a folder. */
export interface Written {
  readonly file: string;
  /** Keys that the card lacked; none where it was kept as it is. */
  readonly added: readonly string[];
  readonly isNew: boolean;
  readonly reasons: readonly Reason[];
}

/**
 * Writes a card for a file, or for the files of a folder, beside them. A card that is there and works is kept; one that
 * lacks keys gets these and keeps what it says. Throws a UserError, and writes nothing, where a file is damaged, where
 * nothing tells columns apart, or where the card would not work. `said` is told what is done next.
 */
export async function initCard(path: string, said: Looking['said'] = () => undefined): Promise<Written> {
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const file = join(folder, 'dataset.json');
  const text = existsSync(file) ? readText(file) : undefined;
  if (text !== undefined && !isFolder) requireOwn(file, text, basename(path));
  if (text !== undefined && works(folder, text)) return { file, isNew: false, added: [], reasons: [] };
  const begun = text === undefined ? {} : givenBy(file, text);
  if (text !== undefined && (begun.format ?? 'table') !== 'table')
    requireWorks(folder, parseCard(file, text));
  const names = isFolder ? await tablesOf(folder, begun) : [basename(path)];
  const given = withFilesOfHeaders(file, begun, names);
  const { card, reasons } = await proposeFor(folder, { names, given, said });
  said('checking the card');
  const written = withMissingKeys(text, { name: nameOf(basename(folder), 'data'), ...card });
  requireProposed(folder, file, written.text);
  if (written.added.length > 0) writeWhole(file, written.text);
  return { file, isNew: text === undefined, added: written.added, reasons };
}

/** Throws a UserError where a proposed card does not work; where that is for a bad row, it says how these are left out. */
function requireProposed(folder: string, file: string, text: string): void {
  try {
    requireWorks(folder, parseCard(file, text));
  } catch (error) {
    if (!(error instanceof UserError && /, line \d+, column /.test(error.message))) throw error;
    const way = `{ "onBadRow": "drop" } in ${file} leaves such rows out when this is run again`;
    throw new UserError(`${error.message}; ${way}`);
  }
}

/** Throws a UserError where the card beside a file is that of another one. */
function requireOwn(file: string, text: string, name: string): void {
  const { interactions, users, items } = givenBy(file, text);
  const named = [interactions, users, items].filter((each) => each !== undefined);
  if (interactions === undefined || named.some((each) => matching([name], each).length > 0)) return;
  throw new UserError(
    `${file}: expected the card of ${name}, found that of ${named.join(', ')}: give each data set a folder of its own`,
  );
}

function works(folder: string, text: string): boolean {
  try {
    requireWorks(folder, parseCard(join(folder, 'dataset.json'), text));
    return true;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

const UNSAID = {
  name: 'unsaid',
  interactions: 'unsaid',
  columns: { user: 'user', item: 'item', time: 'time' },
  tasks: { Unsaid: { kind: 'recommend', target: { share: 0.5 }, perUser: 1, length: 2 } },
};

/** What an unfinished card says, checked as that of a whole one would be. */
function givenBy(file: string, text: string): Given {
  const content = parseJson(file, text);
  if (typeof content !== 'object' || content === null || Array.isArray(content))
    throw new UserError(`${file}: expected an object with the keys of a card, found ${quoted(content)}`);
  const isTable = !('format' in content) || content.format === 'table';
  const whole = parseCard(
    file,
    isTable ? JSON.stringify({ ...UNSAID, ...content }) : wholeText(file, content),
  );
  return Object.fromEntries(Object.entries(whole).filter(([key]) => Object.hasOwn(content, key)));
}

/** The text of a card of another format than that of what is proposed: throws a UserError where it is unfinished. */
function wholeText(file: string, content: object): string {
  const isWhole = ['name', 'interactions', 'tasks'].every((key) => Object.hasOwn(content, key));
  if (isWhole) return JSON.stringify(content);
  const { format } = content as { readonly format?: unknown };
  throw new UserError(
    `${file}: format: expected table, the format of what is proposed, or a whole card, found ${quoted(format)}`,
  );
}

/** With the file whose columns a header names, where there is one only; throws a UserError where it could be several. */
function withFilesOfHeaders(file: string, given: Given, names: readonly string[]): Given {
  const open = (['interactions', 'users', 'items'] as const).filter(
    (part) => given.header?.[part] !== undefined && given[part] === undefined,
  );
  if (open.length === 0) return given;
  if (open[0] === 'interactions' && names.length === 1) return { ...given, interactions: names[0] };
  throw new UserError(
    `${file}: ${open[0]}: expected the file whose columns the header names, one of ${names.join(', ')}, found nothing`,
  );
}

/** The files that a card names, and all others that may be tables. */
async function tablesOf(folder: string, given: Given): Promise<string[]> {
  const { interactions, users, items, encoding = UTF8 } = given;
  const named = [interactions, users, items].filter((name) => name !== undefined);
  const names = [...new Set([...named, ...(await tablesIn(openFolder(folder), encoding))])];
  if (names.length > 0) return names;
  const there = namesIn(openFolder(folder)).sort();
  const among = there.length === 0 ? '' : ` among ${firstOf(there)}`;
  throw new UserError(
    `${folder}: expected a file of a table (.csv, .tsv, .txt, .jsonl, .ndjson, .json with an object a line, .parquet, or one of these with .gz), found none${among}`,
  );
}

async function proposeFor(folder: string, looking: Omit<Looking, 'place'>): Promise<Proposal> {
  const work = join(cacheFolder(), `init.work${process.pid}`);
  mkdirSync(work, { recursive: true });
  const engine = await openEngine(work);
  try {
    const { encoding = UTF8, onBadRow = 'error' } = looking.given;
    const place = { folder: openFolder(folder), work, encoding, onBadRow };
    return await propose(engine, { ...looking, place });
  } finally {
    engine.close();
    rmSync(work, { recursive: true, force: true });
  }
}
