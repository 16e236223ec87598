/**
 * A text as one word of a command line, in quotes if a shell would read something else.
 * @param {string} text
 */
const shellWord = (text) =>
  /^[\p{L}\p{N}_@%+=:,./-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;

module.exports = { shellWord };
