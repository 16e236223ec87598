/** Which files of a folder may be tables, and which of them are parts of one. */

const TABLE = /\.(csv|tsv|tab|psv|txt|dat|data|inter|user|item|jsonl|ndjson)(\.gz)?$|\.parquet$/i;
const PROSE = /^(read\.?me|licen[cs]e|copying|notes?|change-?log|citation)\b/i;

/** Files of tables by name; files whose names differ in their numbers only become a pattern. */
export function tablesAmong(names: readonly string[]): string[] {
  const tables = names.filter((name) => TABLE.test(name) && !PROSE.test(name) && !name.startsWith('.'));
  const isAlone = (name: string) =>
    tables.filter((other) => patternOf(other) === patternOf(name)).length === 1;
  return [...new Set(tables.map((name) => (isAlone(name) ? name : patternOf(name))))].sort();
}

function patternOf(name: string): string {
  return name.replace(/\d+/g, '*');
}
