/** Which files of a folder may be tables, and which of them are parts of one. */
import { bytesOf, type Folder, matching, namesIn } from '../reading/text/folder';
import { firstLinesOf } from '../reading/text/plainText';

const TABLE = /\.(csv|tsv|tab|psv|txt|dat|data|inter|user|item|jsonl|ndjson|json)(\.gz)?$|\.parquet$/i;
const JSON_FILE = /\.json(\.gz)?$/i;
const PROSE = /^(read\.?me|licen[cs]e|copying|notes?|change-?log|citation)\b.*\.(txt|data)(\.gz)?$/i;

/** The files of tables in a folder; of JSON files those that begin with an object a line, which cards and settings do not. */
export async function tablesIn(folder: Folder, encoding: string): Promise<string[]> {
  const names = namesIn(folder);
  const others: string[] = [];
  for (const name of names)
    if (JSON_FILE.test(name) && !(await hasObjects(folder, name, encoding))) others.push(name);
  return tablesAmong(names, others);
}

async function hasObjects(folder: Folder, name: string, encoding: string): Promise<boolean> {
  const lines = await firstLinesOf(bytesOf(folder, 'interactions', name), 2, encoding);
  return lines.length === 2 && lines.every(isObject);
}

function isObject(line: string): boolean {
  try {
    return JSON.parse(line)?.constructor === Object;
  } catch {
    return false;
  }
}

/**
 * Files of tables by name, but for `others`; files whose names differ in their numbers only become a pattern that stands for
 * no others.
 */
export function tablesAmong(names: readonly string[], others: readonly string[] = []): string[] {
  const tables = names.filter(
    (name) => TABLE.test(name) && !PROSE.test(name) && !name.startsWith('.') && !others.includes(name),
  );
  const groups = [...new Set(tables.map(patternOf))].map((pattern) =>
    tables.filter((name) => patternOf(name) === pattern),
  );
  return groups.flatMap((group) => patternFor(group, names) ?? group).sort();
}

function patternOf(name: string): string {
  return name.replace(/\d+/g, '*');
}

/** The shortest pattern that stands for these files alone, if there are several; none where each stands for others too. */
function patternFor(group: readonly string[], names: readonly string[]): string | undefined {
  if (group.length === 1) return undefined;
  const patterns = [patternOf(group[0]), sharedPattern(group)];
  return patterns.find((pattern) => matching(names, pattern).length === group.length);
}

/** What stands for names that begin and end alike. */
export const sharedPattern = (names: readonly string[]): string =>
  `${sharedStart(names)}*${reversed(sharedStart(names.map(reversed)))}`;

const reversed = (text: string) => [...text].reverse().join('');

/** What all texts begin with. */
function sharedStart([first, ...others]: readonly string[]): string {
  const differs = [...first].findIndex((letter, i) => others.some((other) => other[i] !== letter));
  return first.slice(0, differs);
}
