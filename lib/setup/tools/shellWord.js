/**
 * A text as one word of a command line, which a user may paste: in quotes where a shell would read something else in it.
 * @param {string} text
 */
const shellWord = (text) =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

module.exports = { shellWord };
