import type { FieldType } from '../formats/layout';
import type { TextTable } from '../formats/reading';
import { CELL_END, trimmed } from '../text/rows';
import { BRACKETS } from './brackets';

/** A number as programs write it: one that starts with needless zeros, such as a postcode, is a code. */
const NUMBER = /^[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The table with the types that its cells show: a field is a number where all cells that are not empty are, and a list
 * where it is one in the file or the card names what separates its values. Ids stay tokens; fields without a name go.
 */
export function withFoundTypes(
  { fields, columns }: TextTable,
  lists: Readonly<Record<string, string>>,
): TextTable {
  const found = fields.flatMap(({ name, type }, c) => {
    if (name === '') return [];
    const between = Object.hasOwn(lists, name) && lists[name] !== BRACKETS ? lists[name] : undefined;
    const cells = between === undefined ? columns[c] : columns[c].map((cell) => listOf(cell, between));
    return [{ name, type: between === undefined ? typeOf(name, type, cells) : 'token_seq', cells }] as const;
  });
  return {
    fields: found.map(({ name, type }) => ({ name, type })),
    separator: CELL_END,
    columns: found.map(({ cells }) => cells),
  };
}

const listOf = (cell: string, between: string) => cell.split(between).map(trimmed).join(CELL_END);

function typeOf(name: string, type: FieldType, cells: readonly string[]): FieldType {
  if (type === 'token_seq' || name.endsWith('_id')) return type;
  const present = cells.filter((cell) => cell !== '');
  return present.length > 0 && present.every((cell) => NUMBER.test(cell)) ? 'float' : 'token';
}
