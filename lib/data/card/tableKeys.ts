import { z } from 'zod';
import { isEncoding, UTF8 } from './encoding';
import { depending } from './taskSpecs';

/** The keys of a card that say how any table is to be read. */

const column = z.string('expected the name of a column');
const time = z.string('expected the name of a column, or null for the order of the file').nullable();
const roles = { user: column, item: column, time };

const perFile = z.strictObject({
  interactions: z.strictObject(roles),
  users: z.strictObject({ user: column }).optional(),
  items: z.strictObject({ item: column }).optional(),
});

/** Which columns of a file are user, item and time. */
export type Columns = z.infer<typeof perFile>;

/** One map for all files. */
const everywhere = z.strictObject(roles).transform(
  ({ user, item, time }): Columns => ({
    interactions: { user, item, time },
    users: { user },
    items: { item },
  }),
);

const names = z
  .array(column)
  .min(1)
  .refine(
    (own) => own.every((each, c) => each === '' || own.indexOf(each) === c),
    'expected each column once',
  )
  .optional();

export const tableKeys = {
  /** The encoding of the text files; absent: UTF-8. */
  encoding: z
    .string()
    .refine(isEncoding, 'expected an encoding of text, such as latin1, windows-1252, gb18030 or shift_jis')
    .transform((name) => (/^utf-?8$/i.test(name) ? UTF8 : name))
    .optional(),
  columns: depending((value) => 'interactions' in value, perFile, everywhere).optional(),
  /** The names of the columns of files without a header. */
  header: z.strictObject({ interactions: names, users: names, items: names }).optional(),
  /** A strptime format of DuckDB's, for times that are neither numbers nor ISO dates. */
  timeFormat: z.string().min(1).optional(),
  /** Fields with several values, and what separates these, or [] for values in brackets. */
  lists: z.record(z.string(), z.string().min(1)).optional(),
};

/** The faults of these keys together: a key and what was expected of it. */
export function tableFaults(card: {
  readonly format: string;
  readonly columns?: Columns | undefined;
  readonly users?: string | undefined;
  readonly items?: string | undefined;
}): [string, string][] {
  const { format, columns } = card;
  if (format !== 'table') {
    const given = Object.entries(card).filter(
      ([key, value]) => Object.hasOwn(tableKeys, key) && value !== undefined,
    );
    return given.map(([key]) => [key, `expected none, since format ${format} names its own`]);
  }
  if (columns === undefined) return [['columns', 'expected which columns are user, item and time']];
  const { user, item, time } = columns.interactions;
  if (user === item) return [['columns', 'expected different columns for user and item']];
  if (time === user || time === item) return [['columns', 'expected a column of its own for time']];
  const unmapped = (['users', 'items'] as const).filter((part) => card[part] && !columns[part]);
  return unmapped.map((part) => ['columns', `expected the column of the ${part} file too`]);
}
