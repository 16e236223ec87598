import { basename } from 'node:path';
import { UserError } from '../../../base/userError';
import { GENRES, OCCUPATIONS } from '../../../setup/parts/movielensNames';
import { flawAt, quoted } from '../../card/textFile';
import type { Field, FileFormat, Format } from './layout';
import type { FieldType, TextTable } from './reading';

/**
 * MovieLens as GroupLens ships it: 100K (u.data, u.user, u.item), 1M (ratings.dat, users.dat, movies.dat) and, since
 * 20M, ratings.csv and movies.csv. The READMEs of the archives describe the files.
 */
export const movielens: Format = {
  fileOf,
  finish: (table) => withOccupations(withGenres(table)),
};

interface Kind {
  readonly delimiter: '\t' | '|' | '::' | ',';
  /** The first line of a file with commas. */
  readonly header?: string;
  /** Names, with the types that are not `token`. */
  readonly fields: string;
}

const RATINGS = 'user_id item_id rating:float timestamp:time';
const TITLES = 'item_id movie_title class:token_seq';
const FLAGS = GENRES.map((genre) => `${genre}:flag`).join(' ');

const KINDS: Readonly<Record<string, Kind>> = {
  'u.data': { delimiter: '\t', fields: RATINGS },
  'u.user': { delimiter: '|', fields: 'user_id age:float gender occupation zip_code' },
  'u.item': {
    delimiter: '|',
    fields: `item_id movie_title release_date video_release_date imdb_url ${FLAGS}`,
  },
  'ratings.dat': { delimiter: '::', fields: RATINGS },
  'users.dat': { delimiter: '::', fields: 'user_id gender age:float occupation_code zip_code' },
  'movies.dat': { delimiter: '::', fields: TITLES },
  'ratings.csv': { delimiter: ',', header: 'userId,movieId,rating,timestamp', fields: RATINGS },
  'movies.csv': { delimiter: ',', header: 'movieId,title,genres', fields: TITLES },
};

function fileOf(label: string): FileFormat {
  const name = basename(label).replace(/\.gz$/, '');
  const kind = KINDS[name];
  if (kind === undefined)
    throw new UserError(`${label}: expected one of ${Object.keys(KINDS).join(', ')}, found ${quoted(name)}`);
  const { delimiter, header } = kind;
  const fields = kind.fields.split(' ').map((field): Field => {
    const [name, type = 'token'] = field.split(':');
    return { name, type: type as FieldType, required: name.endsWith('_id') || type === 'time' };
  });
  const columns = (cells: readonly string[]) => {
    const found = cells.join(delimiter);
    if (header !== undefined && found !== header)
      throw flawAt(label, 1, { column: '1', expected: `the header ${header}`, found: quoted(found) });
    return { fields, separator: '|', headerLines: header === undefined ? 0 : 1 } as const;
  };
  return {
    encoding: header === undefined ? 'latin1' : 'utf-8',
    delimiter,
    quotes: delimiter === ',',
    columns,
  };
}

/** One sequence of genres in place of a column of 0 and 1 for each. */
function withGenres(table: TextTable): TextTable {
  const { fields, columns, separator } = table;
  const isOther = (_: unknown, c: number) => fields[c].type !== 'flag';
  const flags = columns.filter((_, c) => fields[c].type === 'flag');
  if (flags.length === 0) return table;
  const classes = columns[0].map((_, row) => GENRES.filter((_, g) => flags[g][row] === '1').join(separator));
  return {
    fields: [...fields.filter(isOther), { name: 'class', type: 'token_seq' }],
    columns: [...columns.filter(isOther), classes],
    separator,
  };
}

/** Names in place of the numbers of the occupations; a number without a name stays. */
function withOccupations({ fields, columns, separator }: TextTable): TextTable {
  const isCode = fields.map(({ name }) => name === 'occupation_code');
  const named = (number: string) => OCCUPATIONS[Number(number)] ?? number;
  return {
    fields: fields.map((field, c) => (isCode[c] ? { name: 'occupation', type: 'token' } : field)),
    columns: columns.map((column, c) => (isCode[c] ? column.map(named) : column)),
    separator,
  };
}
