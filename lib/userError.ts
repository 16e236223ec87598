/** A mistake of the user's: its message is one line that names the offending value and what was expected. */
export class UserError extends Error {
  override readonly name = 'UserError';
}
