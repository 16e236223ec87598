/** A mistake in a command's options; the message names the value and what was expected. */
class UsageError extends Error {}

module.exports = { UsageError };
