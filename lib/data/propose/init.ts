import { existsSync, mkdirSync, rmSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { UserError } from '../../base/userError';
import { writeWhole } from '../../base/whole';
import { type Given, parseCard, parseKeys } from '../card/card';
import { readText, UTF8 } from '../card/textFile';
import { requireWorks } from '../open';
import { cacheFolder } from '../reading/cache';
import { openEngine } from '../reading/sql/engine';
import { matching, namesIn, openFolder } from '../reading/text/folder';
import { propose, type Search } from './propose';
import { nameOf } from './tasks';

/**
 * Writes a card for a file, or for the files of a folder, beside them. A card that works is kept; one that lacks keys
 * gets these (`added`). Throws a UserError, and writes nothing, where a file is damaged, where nothing tells columns
 * apart, or where the card would not work. `report` reports the next step.
 */
export async function initCard(path: string, report: Search['report'] = () => undefined) {
  const isFolder = statSync(path).isDirectory();
  const folder = isFolder ? path : dirname(path);
  const file = join(folder, 'dataset.json');
  const text = existsSync(file) ? readText(file) : '{}';
  const given = parseKeys(file, text);
  if (existsSync(file)) {
    const fault = faultOf(folder, text);
    if (fault === undefined) return { file, added: [], reasons: [] };
    if ((given.format ?? 'table') !== 'table') throw fault;
  }
  const names = isFolder ? tablesOf(folder, given) : [basename(path)];
  const { card, reasons } = await proposeFor(folder, { names, given, report });
  report('checking the card');
  const there = JSON.parse(text) as object;
  const named = { ...there, name: nameOf(basename(folder), 'data'), ...card, ...there };
  const whole = `${JSON.stringify(named, null, 2)}\n`;
  const fault = faultOf(folder, whole);
  if (fault !== undefined && / line \d+, column /.test(fault.message))
    throw new UserError(`${fault.message}; { "onBadRow": "drop" } in ${file} drops such rows in another run`);
  if (fault !== undefined) throw fault;
  writeWhole(file, whole);
  const added = Object.keys(JSON.parse(whole)).filter((key) => !Object.hasOwn(there, key));
  return { file, added, reasons };
}

/** Why a card does not make a data set of the files beside it; undefined where it does. */
function faultOf(folder: string, text: string): UserError | undefined {
  try {
    requireWorks(folder, parseCard(join(folder, 'dataset.json'), text));
    return undefined;
  } catch (error) {
    if (error instanceof UserError) return error;
    throw error;
  }
}

/** The files that a card names, and all others that may be tables. */
function tablesOf(folder: string, given: Given): string[] {
  const named = [given.interactions, given.users, given.items].flatMap((name) => name ?? []);
  const there = namesIn(openFolder(folder)).sort();
  const isNew = (name: string) =>
    TABLE.test(name) && !named.some((each) => matching([name], each).length > 0);
  const names = [...new Set([...named, ...there.filter(isNew)])];
  if (names.length > 0) return names;
  throw new UserError(
    `${folder}: expected a table (.csv, .tsv, .txt, .dat, .jsonl, .parquet, or one with .gz), found ${there.slice(0, 12).join(', ') || 'no file'}`,
  );
}

const TABLE =
  /^(?!\.|read\.?me|licen[cs]e).*(\.(csv|tsv|txt|dat|inter|user|item|jsonl|ndjson)(\.gz)?|\.parquet)$/i;

async function proposeFor(path: string, search: Omit<Search, 'place'>) {
  const work = join(cacheFolder(), `init.work${process.pid}`);
  mkdirSync(work, { recursive: true });
  const engine = await openEngine(work);
  try {
    const { encoding = UTF8, onBadRow = 'error' } = search.given;
    return await propose(engine, {
      ...search,
      place: { folder: openFolder(path), work, encoding, onBadRow },
    });
  } finally {
    engine.close();
    rmSync(work, { recursive: true, force: true });
  }
}
