import { z } from 'zod';

/** A schema by what a value looks like, so that messages are those of the form that was meant. */
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
