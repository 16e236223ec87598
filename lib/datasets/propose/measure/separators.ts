import { type Engine, literal } from '../../reading/sql/engine';
import { BRACKETS, bracketedValues, IN_BRACKETS } from '../../reading/tables/brackets';
import { LOOKED_AT } from './rising';

/**
 * What may stand between the values of a list, and how many different values there may be for each different cell:
 * words of titles are nearly as many as the titles, genres are far fewer than their combinations.
 */
const SEPARATORS = [
  ['|', 1],
  [';', 0.9],
  [',', 0.7],
  ['/', 0.6],
  [' ', 0.5],
] as const;
const OFTEN = 0.05;

/** What programs print in brackets, and numbers with a decimal comma: cells whose commas separate nothing. */
const NO_LIST = ['\\[.*\\]', '[+-]?[0-9.]+,[0-9]+'];

/** The first separator that takes cells apart into values that come again. */
export async function separatorOf(engine: Engine, table: string, cell: string): Promise<string | undefined> {
  const cells = `SELECT ${cell} AS cell FROM ${table} WHERE ${cell} <> '' AND rowid < ${LOOKED_AT}`;
  const none = NO_LIST.map((form) => `regexp_full_match(cell, ${literal(form)})`).join(' OR ');
  const [[other]] = await engine.rows(`SELECT avg((${none})::INTEGER)::DOUBLE FROM (${cells})`);
  if ((other as number) >= 0.5) return (await areInBrackets(engine, cells)) ? BRACKETS : undefined;
  for (const [separator, most] of SEPARATORS) {
    const parts = `SELECT DISTINCT trim(unnest(string_split(cell, ${literal(separator)}))) FROM (${cells})`;
    const [[share, different, values]] = await engine.rows(
      `SELECT avg(contains(cell, ${literal(separator)})::INTEGER)::DOUBLE, count(DISTINCT cell)::DOUBLE,
         (SELECT count(*) FROM (${parts}))::DOUBLE FROM (${cells})`,
    );
    if ((share as number) >= OFTEN && (values as number) <= most * (different as number)) return separator;
  }
  return undefined;
}

/** Whether all cells are lists in brackets with values that come again. */
async function areInBrackets(engine: Engine, cells: string): Promise<boolean> {
  const values = `SELECT unnest(${bracketedValues('cell')}) AS value FROM (${cells})`;
  const [[all, often]] = await engine.rows(
    `SELECT bool_and(${IN_BRACKETS.matches('cell')}),
       (SELECT count(*) >= 2 * count(DISTINCT value) FROM (${values})) FROM (${cells})`,
  );
  return all === true && often === true;
}
