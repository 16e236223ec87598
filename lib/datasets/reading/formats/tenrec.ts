import { flawAt } from '../../card/textFile';
import type { Field, FieldType, FileFormat, Format } from './layout';

/**
 * Tenrec's published CSV: one row for each item that was shown to a user, in the order of time, with what the user did
 * and who the user is. A row with a click is an interaction; the users and items tables are made of the same rows.
 * Yuan et al. 2022, Tenrec, https://arxiv.org/abs/2210.10629.
 */
export const tenrec: Format = {
  fileOf,
  order: 'interactions.rowid',
  condition: "click = '1'",
  within: { users: ['gender', 'age'], items: ['video_category'] },
  finish: (table) => table,
};

const TYPES: Readonly<Record<string, FieldType>> = {
  user_id: 'token',
  item_id: 'token',
  click: 'flag',
  follow: 'flag',
  like: 'flag',
  share: 'flag',
  video_category: 'token',
  watching_times: 'float',
  gender: 'token',
  age: 'token',
};

function fileOf(label: string): FileFormat {
  return {
    encoding: 'utf-8',
    delimiter: ',',
    quotes: true,
    columns: (cells) => ({ fields: parseHeader(label, cells), separator: ' ', headerLines: 1 }),
  };
}

function parseHeader(label: string, names: readonly string[]): Field[] {
  for (const column of Object.keys(TYPES)) {
    const count = names.filter((name) => name === column).length;
    if (count === 1) continue;
    const expected = `the columns ${Object.keys(TYPES).join(', ')}`;
    throw flawAt(label, 1, { column, expected, found: count === 0 ? 'none of this name' : 'it twice' });
  }
  return names.map((name) => {
    const required = Object.hasOwn(TYPES, name);
    return { name, type: required ? TYPES[name] : 'token', required };
  });
}
