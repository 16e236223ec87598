import { readFileSync, realpathSync } from 'node:fs';
import { join, sep } from 'node:path';
import { z } from 'zod';
import { UserError } from '../userError';
import { quoted } from './textFile';

/** The card of a data set, `dataset.json`: which files it has and which tasks are built from them. */

/** What data sets and tasks may be called: safe as a file name on every system. */
export const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

const name = z.string().regex(NAME, { error: 'expected 1 to 64 of A-Z a-z 0-9 . _ - and not . or ..' });
const line = z.string().regex(/^\P{Cc}+$/u, { error: 'expected text without control characters' });
const count = z.int().positive();
/** A source sequence needs an item to predict and one to predict it from. */
const sequenceLength = count.min(2, { error: 'expected a whole number of at least 2' });
const values = z.array(z.union([z.string(), z.number()])).min(1);

const range = z
  .strictObject({ from: z.number().optional(), to: z.number().optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, {
    error: 'expected from, to or both',
  });
const condition = z.union([values, range], {
  error: 'expected a list of values or { "from": number, "to": number }',
});

const recommend = z
  .strictObject({
    kind: z.literal('recommend'),
    target: z.strictObject({ field: z.string(), any: values }),
    perUser: count.optional(),
    length: sequenceLength,
    minSource: count.default(3),
    split: z.string().optional(),
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

const card = z
  .strictObject({
    name,
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
  .superRefine(({ tasks, users, items }, context) => {
    for (const [task, spec] of Object.entries(tasks)) {
      const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
      if (spec.kind === 'recommend') {
        if (!items) fault(['items'], `expected an items file, since task ${task} has a target`);
      } else {
        if (!users) fault(['users'], `expected a users file, since task ${task} has classes`);
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
  const content = parseJson(file);
  const parsed = card.safeParse(content);
  if (parsed.success) return parsed.data;
  throw new UserError(`${file}: ${describeIssue(parsed.error.issues[0], content)}`);
}

function parseJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, 'utf8'));
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

/**
 * The absolute path of a file that a card names. Links are resolved first, so that a card from elsewhere cannot
 * reach outside its folder; throws a UserError where it tries, or where there is no such file.
 */
export function fileOfCard(folder: string, key: string, path: string): string {
  const root = realpathSync(folder);
  let file: string;
  try {
    file = realpathSync(join(root, path));
  } catch {
    throw new UserError(
      `${join(folder, 'dataset.json')}: ${key}: expected a file in the folder, found no ${quoted(path)}`,
    );
  }
  if (file.startsWith(root + sep)) return file;
  throw new UserError(
    `${join(folder, 'dataset.json')}: ${key}: expected a file inside the folder, found ${quoted(path)}`,
  );
}
