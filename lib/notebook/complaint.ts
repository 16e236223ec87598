import { UserError } from '../userError';

/** What a user is told where this goes wrong, in one line; an error of the program itself is thrown on. */
export function complaintOf(body: () => unknown): string {
  try {
    body();
  } catch (error) {
    if (error instanceof UserError) return error.message;
    throw error;
  }
  return 'nothing to complain about';
}
