import { z } from 'zod';

/** Keys of a card about its tasks. */

/** Names of data sets and tasks: safe as file names on every system. */
export const NAME = /^(?!\.{1,2}$)[A-Za-z0-9._-]{1,64}$/;

export const name = z.string().regex(NAME, 'expected 1 to 64 of A-Z a-z 0-9 . _ - and not . or ..');
export const line = z.string().regex(/^\P{Cc}+$/u, 'expected a line of text without control characters');
const count = z.int().positive();
/** A source sequence needs an item to predict and one to predict it from. */
const sequenceLength = count.min(2);
const values = z.array(z.union([z.string(), z.number()], 'expected a text or a number')).min(1);
const range = z
  .strictObject({ from: z.number().optional(), to: z.number().optional() })
  .refine(({ from, to }) => from !== undefined || to !== undefined, 'expected from, to or both')
  .refine(({ from = -Infinity, to = Infinity }) => from <= to, 'expected from to be at most to');
const condition = z.union([values, range], 'expected a list of values or { "from": number, "to": number }');

/** One of two schemas by the look of a value, so that messages fit the form that was meant. */
export function depending<A, B>(
  isFirst: (value: object) => boolean,
  first: z.ZodType<A>,
  second: z.ZodType<B>,
) {
  return z.unknown().transform((value, context): A | B => {
    const { data, error } = (isFirst(Object(value)) ? first : second).safeParse(value);
    if (error === undefined) return data as A | B;
    for (const issue of error.issues) context.issues.push({ ...issue, input: value } as z.core.$ZodRawIssue);
    return z.NEVER;
  });
}

/** The items of one domain, or, where no field tells domains apart, a share of all items. */
const target = depending(
  (value) => 'share' in value,
  z.strictObject({ share: z.number().gt(0).lt(1) }),
  z.strictObject({ field: z.string(), any: values }),
);

export const recommend = z
  .strictObject({
    kind: z.literal('recommend'),
    target,
    perUser: count.optional(),
    length: sequenceLength,
    minSource: count.default(3),
    split: z.string().optional(),
    metric: z.enum(['HR@5', 'MRR@5', 'NDCG@5', 'HR@5/full', 'MRR@5/full']).optional(),
  })
  .refine(({ perUser, split }) => perUser !== undefined || split !== undefined, {
    path: ['perUser'],
    error: 'expected the number of target items per user, since there is no split file',
  });

export const classify = z
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
    metric: z.literal('Acc').optional(),
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
    error: 'expected none beside source, which has its own',
  })
  .refine(({ classes = [] }) => new Set(classes.map((c) => c.name)).size === classes.length, {
    path: ['classes'],
    error: 'expected each class name once',
  });

export type RecommendSpec = z.infer<typeof recommend>;
export type ClassifySpec = z.infer<typeof classify>;
/** Values of which one must occur, or an inclusive range of numbers. */
export type Condition = z.infer<typeof condition>;
