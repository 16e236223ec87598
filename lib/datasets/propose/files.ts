/** Which files of a folder may be tables, and which of them are parts of one. */
import { matching } from '../reading/text/folder';

const TABLE = /\.(csv|tsv|tab|psv|txt|dat|data|inter|user|item|jsonl|ndjson)(\.gz)?$|\.parquet$/i;
const PROSE = /^(read\.?me|licen[cs]e|copying|notes?|change-?log|citation)\b/i;

/** Files of tables by name; files whose names differ in their numbers only become a pattern that stands for no others. */
export function tablesAmong(names: readonly string[]): string[] {
  const tables = names.filter((name) => TABLE.test(name) && !PROSE.test(name) && !name.startsWith('.'));
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
