module.exports = { downloadOf };

/**
 * Data sets that are known by name and have to be fetched by hand: their publisher names no checksum in a place that
 * can be cited, so nothing is downloaded.
 * @type {Readonly<Record<string, { readonly archive: string, readonly page: string }>>}
 */
const downloads = {
  'movielens-25m': { archive: 'ml-25m', page: 'https://grouplens.org/datasets/movielens/25m/' },
};

/**
 * The download that a name stands for, its own name or its archive's.
 * @param {string} name
 */
function downloadOf(name) {
  const found = Object.entries(downloads).find(([own, { archive }]) => name === own || name === archive);
  return found && { name: found[0], ...found[1] };
}
