/** Names of MovieLens: occupations of the README of 1M, and the data sets that come in Python wheels. */

/** By the numbers from 0 in users.dat. */
const OCCUPATIONS = [
  ...['other', 'academic/educator', 'artist', 'clerical/admin', 'college/grad student'],
  ...['customer service', 'doctor/health care', 'executive/managerial', 'farmer', 'homemaker'],
  ...['K-12 student', 'lawyer', 'programmer', 'retired', 'sales/marketing', 'scientist'],
  ...['self-employed', 'technician/engineer', 'tradesman/craftsman', 'unemployed', 'writer'],
];

/** Whether a data set of that name comes in a Python wheel. @type {(name: string) => boolean} */
const isEmbedded = (name) => name === 'movielens-100k' || name === 'movielens-1m';

module.exports = { OCCUPATIONS, isEmbedded };
