import { inspect } from 'node:util';

/** A mistake of the user's: its message is one line that names the offending value and what was expected. */
export class UserError extends Error {
  override readonly name = 'UserError';
}

/** Any value in one line, as it is written in code; it may refer to itself. */
export const inCode = (value: unknown): string =>
  typeof value === 'string' ? JSON.stringify(value) : inspect(value, { depth: 1, breakLength: Infinity });
