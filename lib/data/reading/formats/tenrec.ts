import { flawAt } from '../../card/textFile';
import { FILE_ORDER, type Field, type Format } from './layout';
import type { FieldType } from './reading';

/**
 * Tenrec's published CSV: one row for each item that was shown to a user, in the order of time, with what the user did
 * and who the user is. A row with a click is an interaction; the users and items tables are made of the same rows.
 * Yuan et al. 2022, Tenrec, https://arxiv.org/abs/2210.10629.
 */
export const tenrec: Format = {
  written: () => ({ delimiter: ',', quotes: true }),
  fieldsOf: (label, _, cells) => parseHeader(label, cells),
  order: FILE_ORDER,
  condition: "click = '1'",
  within: { users: ['gender', 'age'], items: ['video_category'] },
};

/** With the types that are not `token`. */
const COLUMNS = new Map(
  'user_id item_id click:flag follow:flag like:flag share:flag video_category watching_times:float gender age'
    .split(' ')
    .map((column) => {
      const [name, type = 'token'] = column.split(':');
      return [name, type as FieldType] as const;
    }),
);

function parseHeader(label: string, names: readonly string[]): Field[] {
  for (const column of COLUMNS.keys()) {
    const count = names.filter((name) => name === column).length;
    if (count === 1) continue;
    const expected = `the columns ${[...COLUMNS.keys()].join(', ')}`;
    throw flawAt(label, 1, { column, expected, found: count === 0 ? 'none of this name' : 'it twice' });
  }
  return names.map((name) => ({ name, type: COLUMNS.get(name) ?? 'token', required: COLUMNS.has(name) }));
}
