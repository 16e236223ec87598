import { flawAt, quoted } from '../../card/textFile';
import type { Field, Format, PartName } from './layout';
import type { FieldType } from './reading';

/**
 * RecBole's atomic files: tab-separated, first line a typed header such as
 * `user_id:token item_id:token timestamp:float`. Quotes have no meaning; a sequence is separated by spaces.
 * A file whose name ends in .csv is comma-separated instead, with quotes.
 */
export const recbole: Format = {
  written: (name) =>
    /\.csv(\.gz)?$/.test(name) ? { delimiter: ',', quotes: true } : { delimiter: '\t', quotes: false },
  fieldsOf: parseHeader,
};

type Types = Readonly<Record<string, 'token' | 'float'>>;

/** Fields that a file must have, with their types; none of their cells may be empty. */
const REQUIRED: Readonly<Record<PartName, Types>> = {
  interactions: { user_id: 'token', item_id: 'token', timestamp: 'float' },
  users: { user_id: 'token' },
  items: { item_id: 'token' },
};

function parseHeader(file: string, part: PartName, cells: readonly string[]): Field[] {
  const required = REQUIRED[part];
  const fields = cells.map((cell, c) => parseField(file, cell, c + 1));
  for (const [name, type] of Object.entries(required)) {
    const found = fields.find((field) => field.name === name)?.type ?? `none among ${cells.join(', ')}`;
    if (found !== type)
      throw flawAt(file, 1, { column: name, expected: `${name}:${type}${OR_COLUMNS}`, found });
  }
  const repeated = fields.find(({ name }, c) => fields.findIndex((field) => field.name === name) < c);
  if (repeated)
    throw flawAt(file, 1, { column: repeated.name, expected: 'each field once', found: 'it twice' });
  return fields.map(({ name, type }) => ({
    name,
    type: name === 'timestamp' && name in required ? 'time' : type,
    required: Object.hasOwn(required, name),
  }));
}

const OR_COLUMNS = ', or "columns" in the card, which `npm run data -- init PATH` proposes';
const TYPES = 'token, token_seq, float or float_seq';

function parseField(file: string, cell: string, column: number): { name: string; type: FieldType } {
  const match = /^([^:\s]+):(token|token_seq|float|float_seq)$/.exec(cell);
  if (match) return { name: match[1], type: match[2] as FieldType };
  const expected = `NAME:TYPE${OR_COLUMNS}; TYPE is ${TYPES}`;
  throw flawAt(file, 1, { column: String(column), expected, found: quoted(cell) });
}
