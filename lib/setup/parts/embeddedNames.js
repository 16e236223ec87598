module.exports = { isEmbedded };

/**
 * Whether a data set of that name comes in a Python wheel. Apart from what fetches it, which tslab cannot read a second time.
 * @param {string} name
 */
function isEmbedded(name) {
  return name === 'movielens-100k' || name === 'movielens-1m';
}
