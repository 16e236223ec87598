/** The card of a data set, `dataset.json`: which files it has and which tasks are built from them. */
import { z } from 'zod';
import { UserError } from '../../base/userError';
import { budgetChanges } from './budgets';
import { classify, depending, line, name, recommend } from './taskSpecs';
import { isEncoding, quoted, UTF8 } from './textFile';

/** A time as in the interactions, an ISO date, or the share of the interactions before it. */
export const timeline = z.union(
  [
    z.number(),
    z.iso.date(),
    z.iso.datetime({ offset: true, local: true }),
    z.strictObject({ share: z.number().gt(0).lt(1) }),
  ],
  { error: 'expected a time, a number or an ISO date, or { "share": a number between 0 and 1 }' },
);

export type Timeline = z.infer<typeof timeline>;

const column = z.string('expected the name of a column');
const time = z.string('expected the name of a column, or null for the order of the file').nullable();
const roles = z.strictObject({ user: column, item: column, time });

const perFile = z.strictObject({
  interactions: roles,
  users: z.strictObject({ user: column }).optional(),
  items: z.strictObject({ item: column }).optional(),
});

/** One map for all files. */
const everywhere = roles.transform(
  ({ user, item, time }): z.infer<typeof perFile> => ({
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

const separator = z
  .string()
  .min(1)
  .refine(
    (mark) => mark !== '[]',
    'expected what separates values; lists in brackets are read from JSON lines and Parquet',
  );

/** The keys that say how any table is read. */
const tableKeys = {
  /** The encoding of the text files; absent: UTF-8. */
  encoding: z
    .string()
    .refine(isEncoding, 'expected an encoding of text, such as latin1, windows-1252, gb18030 or shift_jis')
    .transform((name) => (/^utf-?8$/i.test(name) ? UTF8 : name))
    .optional(),
  /** Which columns of a file are user, item and time. */
  columns: depending((value) => 'interactions' in value, perFile, everywhere).optional(),
  /** The names of the columns of files without a header. */
  header: z.strictObject({ interactions: names, users: names, items: names }).optional(),
  /** A strptime format of DuckDB's, for times that are neither numbers nor ISO dates. */
  timeFormat: z.string().min(1).optional(),
  /** Fields with several values, and what separates these. */
  lists: z.record(z.string(), separator).optional(),
};

const keys = z.strictObject({
  name,
  format: z.enum(['recbole', 'tenrec', 'authors', 'table']).optional(),
  ...tableKeys,
  /** Of the authors' format: a pre-training file, whose users have a source sequence and no targets. */
  pretraining: z.string().optional(),
  interactions: z.string(),
  users: z.string().optional(),
  items: z.string().optional(),
  licence: line.optional(),
  citation: line.optional(),
  /** Time before which is learnt; the rest is tested. */
  timeline: timeline.optional(),
  /** Changes of the presets `default` and `wide`. */
  budgets: budgetChanges.optional(),
  onBadRow: z.enum(['error', 'drop']).default('error'),
  tasks: z
    .record(name, z.discriminatedUnion('kind', [recommend, classify]))
    .refine((tasks) => Object.keys(tasks).length > 0, { error: 'expected at least one task' }),
});

const card = keys
  .transform((read) => ({ ...read, format: read.format ?? (read.columns ? 'table' : 'recbole') }))
  .superRefine((read, context) => {
    const { format, tasks, users, items } = read;
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const isAlone = format === 'tenrec' || format === 'authors';
    for (const part of ['users', 'items', 'pretraining'] as const)
      if (read[part] && (part === 'pretraining' ? format !== 'authors' : isAlone))
        fault([part], `expected none, since format ${format} has no such file`);
    if (format === 'table') for (const message of columnFaults(read)) fault(['columns'], message);
    else
      for (const key of Object.keys(tableKeys) as (keyof typeof tableKeys)[])
        if (read[key] !== undefined) fault([key], `expected none, since format ${format} names its own`);
    if (read.timeline !== undefined && (isAlone || read.columns?.interactions.time === null))
      fault(['timeline'], 'expected none, in the card or in its place, since the interactions have no times');
    for (const [task, spec] of Object.entries(tasks)) {
      if (read.timeline !== undefined && spec.split !== undefined)
        fault(['tasks', task, 'split'], 'expected none beside a timeline, which says what is tested');
      if (spec.kind === 'recommend') {
        if (format === 'recbole' && !items && 'field' in spec.target)
          fault(['items'], `expected an items file, since task ${task} has a target`);
      } else {
        if (format === 'authors')
          fault(['tasks', task, 'kind'], "expected recommend, since the authors' format has no users file");
        if (format === 'recbole' && !users)
          fault(['users'], `expected a users file, since task ${task} has classes`);
        if (spec.source !== undefined && tasks[spec.source]?.kind !== 'recommend')
          fault(['tasks', task, 'source'], 'expected the name of a recommend task');
      }
    }
  });

export type Card = z.infer<typeof card>;

/** Faults of the columns of a table. */
function columnFaults(read: z.infer<typeof keys>): string[] {
  if (read.columns === undefined) return ['expected which columns are user, item and time'];
  const { user, item, time } = read.columns.interactions;
  if (user === item) return ['expected different columns for user and item'];
  if (time === user || time === item) return ['expected a column of its own for time'];
  const unmapped = (['users', 'items'] as const).filter((part) => read[part] && !read.columns?.[part]);
  return unmapped.map((part) => `expected the column of the ${part} file too`);
}

/** The card in a text, which messages call `file`. Throws a UserError that names key, what was expected and what was found. */
export const parseCard = (file: string, text: string): Card => parsed(card, file, text);

const partial = keys.partial();

/** The keys of an unfinished card. */
export type Given = z.infer<typeof partial>;

/** Some keys of a card. Throws a UserError as `parseCard`. */
export const parseKeys = (file: string, text: string): Given => parsed(partial, file, text);

function parsed<T>(schema: z.ZodType<T>, file: string, text: string): T {
  let content: unknown;
  try {
    content = JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message.replace(/\s+/g, ' ');
    throw new UserError(`${file}: expected a JSON document (${why})`);
  }
  const { success, data, error } = schema.safeParse(content);
  if (success) return data;
  throw new UserError(`${file}: ${describeIssue(error.issues[0], content)}`);
}

function describeIssue(issue: z.core.$ZodIssue, content: unknown): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return `unknown key ${quoted(issue.keys[0])}${path && ` in ${path}`}`;
  if (issue.code === 'invalid_key')
    return `${issue.path.slice(0, -1).join('.')}: ${issue.issues[0].message}, found ${quoted(issue.path.at(-1))}`;
  const found = issue.path.reduce<unknown>((value, key) => Object(value)[key], content);
  return `${path || 'card'}: ${issue.message.replace(/^Invalid input: /, '')}, found ${quoted(found)}`;
}

/** The fields of users and items that the tasks of a card name, with the key of the card that names each. */
export function fieldsOfTasks({ tasks }: Pick<Card, 'tasks'>) {
  const fields: Record<'users' | 'items', { readonly field: string; readonly key: string }[]> = {
    users: [],
    items: [],
  };
  for (const [name, spec] of Object.entries(tasks)) {
    const key = `tasks.${name}`;
    if (spec.kind === 'classify') {
      if (spec.label !== undefined) fields.users.push({ field: spec.label, key: `${key}.label` });
      for (const field of (spec.classes ?? []).flatMap(({ where }) => Object.keys(where)))
        fields.users.push({ field, key: `${key}.classes` });
    } else if ('field' in spec.target)
      fields.items.push({ field: spec.target.field, key: `${key}.target.field` });
  }
  return fields;
}
