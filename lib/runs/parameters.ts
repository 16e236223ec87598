import type { z } from 'zod';
import { UserError } from '../userError';

/** What a notebook's first cell sets, checked; throws a UserError that names the parameter and what is wrong with it. */
export function checkedParameters<S extends z.ZodType>(
  schema: S,
  parameters: Readonly<Record<string, unknown>>,
): z.infer<S> {
  const checked = schema.safeParse(parameters);
  if (checked.success) return checked.data;
  const [{ path: at, message }] = checked.error.issues;
  throw new UserError(`parameters.${at.join('.')}: ${message}`);
}
