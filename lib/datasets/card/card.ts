import { z } from 'zod';
import { UserError } from '../../userError';
import { depending, tableFaults, tableKeys } from './tableKeys';
import { quoted, readText } from './textFile';

/** The card of a data set, `dataset.json`: which files it has and which tasks are built from them. */

/** What data sets and tasks may be called: safe as a file name on every system. */
export const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

const name = z.string().regex(NAME, { error: 'expected 1 to 64 of A-Z a-z 0-9 . _ - and not . or ..' });
const line = z.string().regex(/^\P{Cc}+$/u, { error: 'expected text without control characters' });
const count = z.int().positive();
/** A source sequence needs an item to predict and one to predict it from. */
const sequenceLength = count.min(2, { error: 'expected a whole number of at least 2' });
/** What a recommendation task can be judged by. */
const RANKING_METRICS = ['HR@5', 'MRR@5', 'NDCG@5', 'HR@5/full', 'MRR@5/full'] as const;
const oneOf = new Intl.ListFormat('en', { type: 'disjunction' });
const values = z.array(z.union([z.string(), z.number()])).min(1);

const range = z
  .strictObject({ from: z.number().optional(), to: z.number().optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, {
    error: 'expected from, to or both',
  });
const condition = z.union([values, range], {
  error: 'expected a list of values or { "from": number, "to": number }',
});

/** The items of one domain, or, where no field tells domains apart, a share of all items. */
const target = depending(
  (value) => 'share' in value,
  z.strictObject({
    share: z.number().gt(0).lt(1, { error: 'expected a share of the items between 0 and 1' }),
  }),
  z.strictObject({ field: z.string(), any: values }),
);

const recommend = z
  .strictObject({
    kind: z.literal('recommend'),
    target,
    perUser: count.optional(),
    length: sequenceLength,
    minSource: count.default(3),
    split: z.string().optional(),
    metric: z.enum(RANKING_METRICS, { error: `expected ${oneOf.format(RANKING_METRICS)}` }).optional(),
  })
  .refine(({ perUser, split }) => perUser !== undefined || split !== undefined, {
    path: ['perUser'],
    error: 'expected the number of target items per user, since there is no split file',
  });

const classify = z
  .strictObject({
    kind: z.literal('classify'),
    label: z.string().optional(),
    classes: z
      .array(z.strictObject({ name: line, where: z.record(z.string(), condition) }))
      .min(2)
      .optional(),
    source: name.optional(),
    length: sequenceLength.optional(),
    minSource: count.optional(),
    split: z.string().optional(),
    metric: z.literal('Acc', { error: 'expected Acc' }).optional(),
  })
  .refine(({ label, classes }) => (label === undefined) !== (classes === undefined), {
    path: ['label'],
    error: 'expected either label or classes',
  })
  .refine(({ source, length }) => (source === undefined) !== (length === undefined), {
    path: ['length'],
    error: 'expected either length or the source of another task',
  })
  .refine(({ source, minSource }) => source === undefined || minSource === undefined, {
    path: ['minSource'],
    error: 'expected no minSource beside source, which has its own',
  })
  .refine(({ classes = [] }) => new Set(classes.map((c) => c.name)).size === classes.length, {
    path: ['classes'],
    error: 'expected each class name once',
  });

/** The files that a format has beside the interactions, and whether a task that reads their fields needs them. */
const PARTS = {
  table: { users: 'possible', items: 'possible', pretraining: 'none' },
  recbole: { users: 'needed', items: 'needed', pretraining: 'none' },
  movielens: { users: 'needed', items: 'needed', pretraining: 'none' },
  tenrec: { users: 'none', items: 'none', pretraining: 'none' },
  authors: { users: 'none', items: 'none', pretraining: 'possible' },
} as const;

const card = z
  .strictObject({
    name,
    format: z.enum(['recbole', 'movielens', 'tenrec', 'authors', 'table']).optional(),
    ...tableKeys,
    /** The authors' format only: a pre-training file, whose users have a source sequence and no targets. */
    pretraining: z.string().optional(),
    interactions: z.string(),
    users: z.string().optional(),
    items: z.string().optional(),
    licence: line.optional(),
    citation: line.optional(),
    onBadRow: z.enum(['error', 'drop']).default('error'),
    tasks: z
      .record(name, z.discriminatedUnion('kind', [recommend, classify]))
      .refine((tasks) => Object.keys(tasks).length > 0, { error: 'expected at least one task' }),
  })
  .transform((read) => ({ ...read, format: read.format ?? (read.columns ? 'table' : 'recbole') }))
  .superRefine((read, context) => {
    const { format, tasks, users, items, pretraining } = read;
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const has = PARTS[format];
    if (has.users === 'none' && users)
      fault(['users'], `expected none, since format ${format} has no users file`);
    if (has.items === 'none' && items)
      fault(['items'], `expected none, since format ${format} has no items file`);
    if (has.pretraining === 'none' && pretraining)
      fault(['pretraining'], `expected none, since format ${format} has no pre-training file`);
    for (const [key, message] of tableFaults(read)) fault([key], message);
    for (const [task, spec] of Object.entries(tasks)) {
      if (spec.kind === 'recommend') {
        if (has.items === 'needed' && !items && 'field' in spec.target)
          fault(['items'], `expected an items file, since task ${task} has a target`);
      } else {
        if (format === 'authors')
          fault(['tasks', task, 'kind'], "expected recommend, since the authors' format has no users file");
        if (has.users === 'needed' && !users)
          fault(['users'], `expected a users file, since task ${task} has classes`);
        if (spec.source !== undefined && tasks[spec.source]?.kind !== 'recommend') {
          fault(['tasks', task, 'source'], 'expected the name of a recommend task');
        }
      }
    }
  });

export type Card = z.infer<typeof card>;
export type RecommendSpec = z.infer<typeof recommend>;
export type ClassifySpec = z.infer<typeof classify>;
/** Values of which one must occur, or an inclusive range of numbers. */
export type Condition = z.infer<typeof condition>;

/** Reads and checks a card; throws a UserError that names file, key and what was expected there. */
export function readCard(file: string): Card {
  return parseCard(file, readText(file));
}

/** The card in a text; `file` is what messages call it. */
export function parseCard(file: string, text: string): Card {
  const content = parseJson(file, text);
  const parsed = card.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UserError(`${file}: ${describeIssue(parsed.error.issues[0], content)}`);
}

/** The JSON document in a text; throws a UserError where it is none. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new UserError(
      `${file}: expected a JSON document (${(error as Error).message.replace(/\s+/g, ' ')})`,
    );
  }
}

function describeIssue(issue: z.core.$ZodIssue, content: unknown): string {
  const path = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return `unknown key ${quoted(issue.keys[0])}${path && ` in ${path}`}`;
  }
  if (issue.code === 'invalid_key') {
    const parent = issue.path.slice(0, -1).join('.');
    return `${parent}: ${issue.issues[0].message}, found ${quoted(issue.path.at(-1))}`;
  }
  const found = issue.path.reduce<unknown>((value, key) => Object(value)[key], content);
  return `${path || 'card'}: ${issue.message.replace(/^Invalid input: /, '')}, found ${quoted(found)}`;
}
