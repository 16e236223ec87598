import { z } from 'zod';
import { UserError } from '../../base/userError';
import { budgetChanges } from './budgets';
import { tableFaults, tableKeys } from './tableKeys';
import { classify, line, name, recommend } from './taskSpecs';
import { quoted, readText } from './textFile';

/** The card of a data set, `dataset.json`: which files it has and which tasks are built from them. */

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

const card = z
  .strictObject({
    name,
    format: z.enum(['recbole', 'movielens', 'tenrec', 'authors', 'table']).optional(),
    ...tableKeys,
    /** Of the authors' format: a pre-training file, whose users have a source sequence and no targets. */
    pretraining: z.string().optional(),
    interactions: z.string(),
    users: z.string().optional(),
    items: z.string().optional(),
    licence: line.optional(),
    citation: line.optional(),
    /** What lies before this time is learnt, the rest is tested. */
    timeline: timeline.optional(),
    /** Changes of the preset `default`. */
    budgets: budgetChanges.optional(),
    onBadRow: z.enum(['error', 'drop']).default('error'),
    tasks: z
      .record(name, z.discriminatedUnion('kind', [recommend, classify]))
      .refine((tasks) => Object.keys(tasks).length > 0, { error: 'expected at least one task' }),
  })
  .transform((read) => ({ ...read, format: read.format ?? (read.columns ? 'table' : 'recbole') }))
  .superRefine((read, context) => {
    const { format, tasks, users, items } = read;
    const fault = (path: string[], message: string) => context.addIssue({ code: 'custom', path, message });
    const isAlone = format === 'tenrec' || format === 'authors';
    const isTyped = format === 'recbole' || format === 'movielens';
    for (const part of ['users', 'items', 'pretraining'] as const)
      if (read[part] && (part === 'pretraining' ? format !== 'authors' : isAlone))
        fault([part], `expected none, since format ${format} has no such file`);
    for (const [key, message] of tableFaults(read)) fault([key], message);
    if (read.timeline !== undefined && (isAlone || read.columns?.interactions.time === null))
      fault(['timeline'], 'expected none, in the card or in its place, since the interactions have no times');
    for (const [task, spec] of Object.entries(tasks)) {
      if (read.timeline !== undefined && spec.split !== undefined)
        fault(['tasks', task, 'split'], 'expected none beside a timeline, which says what is tested');
      if (spec.kind === 'recommend') {
        if (isTyped && !items && 'field' in spec.target)
          fault(['items'], `expected an items file, since task ${task} has a target`);
      } else {
        if (format === 'authors')
          fault(['tasks', task, 'kind'], "expected recommend, since the authors' format has no users file");
        if (isTyped && !users) fault(['users'], `expected a users file, since task ${task} has classes`);
        if (spec.source !== undefined && tasks[spec.source]?.kind !== 'recommend')
          fault(['tasks', task, 'source'], 'expected the name of a recommend task');
      }
    }
  });

export type Card = z.infer<typeof card>;

/** Reads and checks a card. Throws a UserError that names file, key, what was expected and what was found. */
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

/** Parses a JSON document. Throws a UserError that names `file`. */
export function parseJson(file: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    const why = (error as Error).message.replace(/\s+/g, ' ');
    throw new UserError(`${file}: expected a JSON document (${why})`);
  }
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
