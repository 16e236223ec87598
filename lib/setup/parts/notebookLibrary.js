const { areThere, makeDeclarations } = require('../kernel/declarations');

/**
 * What a kernel checks cells against. It brings them to the library as it is when it starts; only the first time takes long.
 * @param {readonly import('./part').Part[]} needs
 * @returns {import('./part').Part}
 */
const notebookLibrary = (needs) => ({
  name: 'Declarations for notebooks',
  needs,
  ready: areThere,
  install: async () => makeDeclarations(),
});

module.exports = { notebookLibrary };
