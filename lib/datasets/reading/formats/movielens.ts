import { basename } from 'node:path';
import { GENRES, OCCUPATIONS } from '../../../setup/parts/movielensNames';
import { UserError } from '../../../userError';
import { flawAt, quoted } from '../../card/textFile';
import type { FileFormat, Format } from './format';
import type { Field, FieldType } from './layout';
import type { TextTable } from './reading';

/**
 * MovieLens as GroupLens ships it: 100K (u.data, u.user, u.item), 1M (ratings.dat, users.dat, movies.dat) and, since
 * 20M, ratings.csv and movies.csv. The READMEs of the archives describe the files.
 */
export const movielens: Format = {
  fileOf,
  order: 'timestamp',
  condition: 'true',
  within: {},
  finish: (_, table) => withOccupations(withGenres(table)),
};

interface Kind {
  readonly delimiter: string;
  readonly encoding: FileFormat['encoding'];
  /** The first line, where the file has a header. */
  readonly header?: string;
  readonly fields: Readonly<Record<string, FieldType>>;
}

const RATINGS: Kind['fields'] = { user_id: 'token', item_id: 'token', rating: 'float', timestamp: 'time' };
const TITLES: Kind['fields'] = { item_id: 'token', movie_title: 'token', class: 'token_seq' };

const KINDS: Readonly<Record<string, Kind>> = {
  'u.data': { delimiter: '\t', encoding: 'latin1', fields: RATINGS },
  'u.user': {
    delimiter: '|',
    encoding: 'latin1',
    fields: { user_id: 'token', age: 'float', gender: 'token', occupation: 'token', zip_code: 'token' },
  },
  'u.item': {
    delimiter: '|',
    encoding: 'latin1',
    fields: {
      item_id: 'token',
      movie_title: 'token',
      release_date: 'token',
      video_release_date: 'token',
      imdb_url: 'token',
      ...Object.fromEntries(GENRES.map((genre) => [genre, 'flag'])),
    },
  },
  'ratings.dat': { delimiter: '::', encoding: 'latin1', fields: RATINGS },
  'users.dat': {
    delimiter: '::',
    encoding: 'latin1',
    fields: { user_id: 'token', gender: 'token', age: 'float', occupation_code: 'token', zip_code: 'token' },
  },
  'movies.dat': { delimiter: '::', encoding: 'latin1', fields: TITLES },
  'ratings.csv': {
    delimiter: ',',
    encoding: 'utf-8',
    header: 'userId,movieId,rating,timestamp',
    fields: RATINGS,
  },
  'movies.csv': { delimiter: ',', encoding: 'utf-8', header: 'movieId,title,genres', fields: TITLES },
};

function fileOf(label: string): FileFormat {
  const name = basename(label).replace(/\.gz$/, '');
  const kind = KINDS[name];
  if (kind === undefined) {
    throw new UserError(`${label}: expected one of ${Object.keys(KINDS).join(', ')}, found ${quoted(name)}`);
  }
  const { delimiter, encoding, header } = kind;
  const fields = Object.entries(kind.fields).map(
    ([field, type]): Field => ({ name: field, type, required: field.endsWith('_id') || type === 'time' }),
  );
  return {
    encoding,
    delimiter,
    quotes: delimiter === ',',
    columns: (cells) => {
      if (header !== undefined && cells.join(delimiter) !== header) {
        const found = quoted(cells.join(delimiter));
        throw flawAt(label, 1, { column: '1', expected: `the header ${header}`, found });
      }
      return { fields, separator: '|', headerLines: header === undefined ? 0 : 1 };
    },
  };
}

/** One sequence of genres in place of a column of 0 and 1 for each. */
function withGenres({ fields, columns, separator }: TextTable): TextTable {
  const isFlag = fields.map(({ type }) => type === 'flag');
  if (!isFlag.includes(true)) return { fields, columns, separator };
  const flags = columns.filter((_, c) => isFlag[c]);
  const classes = columns[0].map((_, row) => GENRES.filter((_, g) => flags[g][row] === '1').join(separator));
  return {
    fields: [...fields.filter((_, c) => !isFlag[c]), { name: 'class', type: 'token_seq' }],
    columns: [...columns.filter((_, c) => !isFlag[c]), classes],
    separator,
  };
}

/** Names in place of the numbers of the occupations; a number without a name stays. */
function withOccupations({ fields, columns, separator }: TextTable): TextTable {
  const code = fields.findIndex(({ name }) => name === 'occupation_code');
  if (code < 0) return { fields, columns, separator };
  const named = columns[code].map((number) => OCCUPATIONS[Number(number)] ?? number);
  return {
    fields: fields.map((field, c) => (c === code ? { name: 'occupation', type: 'token' } : field)),
    columns: columns.map((column, c) => (c === code ? named : column)),
    separator,
  };
}
