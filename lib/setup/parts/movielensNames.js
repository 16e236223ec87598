/** What MovieLens has as columns or numbers, by name; from the READMEs of 100K and 1M. */

module.exports = { GENRES: genres(), OCCUPATIONS: occupations() };

/** In the order of the columns of u.item. */
function genres() {
  return [
    'unknown',
    'Action',
    'Adventure',
    'Animation',
    "Children's",
    'Comedy',
    'Crime',
    'Documentary',
    'Drama',
    'Fantasy',
    'Film-Noir',
    'Horror',
    'Musical',
    'Mystery',
    'Romance',
    'Sci-Fi',
    'Thriller',
    'War',
    'Western',
  ];
}

/** What the numbers from 0 in users.dat stand for. */
function occupations() {
  return [
    'other',
    'academic/educator',
    'artist',
    'clerical/admin',
    'college/grad student',
    'customer service',
    'doctor/health care',
    'executive/managerial',
    'farmer',
    'homemaker',
    'K-12 student',
    'lawyer',
    'programmer',
    'retired',
    'sales/marketing',
    'scientist',
    'self-employed',
    'technician/engineer',
    'tradesman/craftsman',
    'unemployed',
    'writer',
  ];
}
