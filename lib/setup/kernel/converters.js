module.exports = { withNode };

/** @typedef {Parameters<typeof import('tslab/dist/executor').createExecutor>[1]} Converters */

/**
 * What compiles cells, the converter for Node in another form; tslab makes it when it is first asked for.
 * @param {Converters} converters
 * @param {(own: Converters['node']) => Converters['node']} formed
 * @returns {Converters}
 */
function withNode(converters, formed) {
  return Object.create(converters, { node: { get: () => formed(converters.node) } });
}
