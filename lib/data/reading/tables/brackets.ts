import type { Form } from '../formats/layout';
import { literal } from '../sql/engine';
import { CELL_END } from '../text/rows';

/** In a card: a field holds lists in brackets, as Python and JSON write them. */
export const BRACKETS = '[]';

/** A value in single or double quotes, or one without that has no comma. */
const VALUE = `'(?:[^'\\\\]|\\\\.)*'|"(?:[^"\\\\]|\\\\.)*"|[^\\s,'"\\[\\]{}][^,\\[\\]{}]*`;
const LIST = `\\s*\\[\\s*(?:(?:${VALUE})(?:[\\s,]+(?:${VALUE}))*\\s*,?)?\\s*\\]\\s*`;

/** SQL of the values of a cell, none if it is empty. */
export function bracketedValues(cell: string): string {
  const bare = `regexp_replace(substr(value, 2, len(value) - 2), '\\\\(.)', '\\1', 'g')`;
  const value = `CASE WHEN left(value, 1) IN ('''', '"') THEN ${bare} ELSE trim(value) END`;
  const printed = `list_transform(regexp_extract_all(${cell}, ${literal(VALUE)}), value -> ${value})`;
  return `CASE WHEN json_valid(${cell}) THEN json_extract_string(${cell}, '$[*]') ELSE ${printed} END`;
}

export const IN_BRACKETS: Form = {
  expected: "a list in brackets, such as ['a', 'b']",
  matches: (cell) => `regexp_full_match(${cell}, ${literal(LIST)})`,
  value: (cell) => `array_to_string(${bracketedValues(cell)}, ${literal(CELL_END)})`,
};
