import { z } from 'zod';
import { depending } from './depending';
import { isEncoding, UTF8 } from './encoding';
import { quoted } from './textFile';

/** The keys of a card that say how any table is to be read. */

const column = z.string({ error: 'expected the name of a column' });
const time = z.string({ error: 'expected the name of a column, or null for the order of the file' });
const roles = { user: column, item: column, time: time.nullable() };

const perFile = z.strictObject({
  interactions: z.strictObject(roles),
  users: z.strictObject({ user: column }).optional(),
  items: z.strictObject({ item: column }).optional(),
});

/** Which columns of a file are user, item and time. */
export type Columns = z.infer<typeof perFile>;

/** One map holds in every file. */
const everywhere = z.strictObject(roles).transform(
  ({ user, item, time }): Columns => ({
    interactions: { user, item, time },
    users: { user },
    items: { item },
  }),
);

const names = z.array(column).min(1).optional();

export const tableKeys = {
  /** What the files of text are written in; UTF-8 where nothing is said. */
  encoding: z
    .string()
    .refine(isEncoding, {
      error: 'expected an encoding of text, such as latin1, windows-1252, gb18030 or shift_jis',
    })
    .transform((name) => (/^utf-?8$/i.test(name) ? UTF8 : name))
    .optional(),
  columns: depending((value) => 'interactions' in value, perFile, everywhere).optional(),
  /** The names of the columns of files that have no header. */
  header: z.strictObject({ interactions: names, users: names, items: names }).optional(),
  /** A strptime format of DuckDB's, where times are neither numbers nor ISO dates. */
  timeFormat: z.string().min(1).optional(),
  /** Fields that hold several values, and what stands between these, or [] where they stand in brackets. */
  lists: z.record(z.string(), z.string().min(1)).optional(),
};

interface TableCard {
  readonly format: string;
  readonly columns?: Columns | undefined;
  readonly header?: Readonly<Record<string, readonly string[] | undefined>> | undefined;
  readonly encoding?: string | undefined;
  readonly timeFormat?: string | undefined;
  readonly lists?: object | undefined;
  readonly users?: string | undefined;
  readonly items?: string | undefined;
}

const repeated = (names: readonly string[] = []) =>
  names.find((name, c) => name !== '' && names.indexOf(name) < c);

/** What is wrong with these keys together: a key and what was expected of it. */
export function tableFaults(card: TableCard): [string, string][] {
  const { format, columns } = card;
  if (format !== 'table') {
    const given = (['encoding', 'columns', 'header', 'timeFormat', 'lists'] as const).filter(
      (key) => card[key] !== undefined,
    );
    return given.map((key) => [key, `expected none, since format ${format} names its own`]);
  }
  if (columns === undefined) return [['columns', 'expected which columns are user, item and time']];
  const { user, item, time } = columns.interactions;
  if (user === item) return [['columns', 'expected different columns for user and item']];
  if (time === user || time === item)
    return [['columns', 'expected another column for time than for user and item']];
  const twice = Object.values(card.header ?? {}).find((names) => repeated(names) !== undefined);
  if (twice)
    return [['header', `expected each column of a file once, and ${quoted(repeated(twice))} comes again`]];
  const unmapped = (['users', 'items'] as const).filter((part) => card[part] && !columns[part]);
  return unmapped.map((part) => ['columns', `expected the column of the ${part} file too`]);
}
