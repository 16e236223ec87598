import type { z } from 'zod';
import { UserError } from '../userError';

/** What a notebook's first cell sets, checked; throws a UserError that names the parameter and what is wrong with it. */
export function checkedParameters<S extends z.ZodObject>(
  schema: S,
  parameters: Readonly<Record<string, unknown>>,
): z.infer<S> {
  const checked = schema.safeParse(parameters);
  if (checked.success) return checked.data;
  const [{ path: at, message, code }] = checked.error.issues;
  const known = `; expected ${Object.keys(schema.shape).join(', ')}`;
  const isUnknown = code === 'unrecognized_keys' && at.length === 0;
  throw new UserError(`${['parameters', ...at].join('.')}: ${message}${isUnknown ? known : ''}`);
}
