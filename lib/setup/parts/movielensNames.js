/** Names of MovieLens: columns and numbers of the READMEs of 100K and 1M, and the data sets that come in Python wheels. */

module.exports = { GENRES: genres(), OCCUPATIONS: occupations(), isEmbedded };

/** In the order of the columns of u.item. */
function genres() {
  return [
    ...['unknown', 'Action', 'Adventure', 'Animation', "Children's", 'Comedy', 'Crime', 'Documentary'],
    ...['Drama', 'Fantasy', 'Film-Noir', 'Horror', 'Musical', 'Mystery', 'Romance', 'Sci-Fi', 'Thriller'],
    ...['War', 'Western'],
  ];
}

/** By the numbers from 0 in users.dat. */
function occupations() {
  return [
    ...['other', 'academic/educator', 'artist', 'clerical/admin', 'college/grad student'],
    ...['customer service', 'doctor/health care', 'executive/managerial', 'farmer', 'homemaker'],
    ...['K-12 student', 'lawyer', 'programmer', 'retired', 'sales/marketing', 'scientist'],
    ...['self-employed', 'technician/engineer', 'tradesman/craftsman', 'unemployed', 'writer'],
  ];
}

/**
 * Whether a data set of that name comes in a Python wheel.
 * @param {string} name
 */
function isEmbedded(name) {
  return name === 'movielens-100k' || name === 'movielens-1m';
}
