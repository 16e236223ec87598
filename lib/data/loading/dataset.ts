import { basename, join } from 'node:path';
import { type ColumnTable, table } from 'arquero';
import { checksumOfFile } from '../../base/sealed';
import { type Card, parseCard, type Timeline } from '../card/card';
import { readingOf, tablesOf } from '../reading/cache';
import type { FieldType, TextTable } from '../reading/formats/reading';
import type { Folder } from '../reading/text/folder';
import { historiesOf, interactionsTable } from './histories';
import { locate } from './locate';

/** A data set as read, before tasks are built from it. */
export type Dataset = Readonly<ReturnType<typeof datasetOf>>;

/**
 * Reads the data set NAME of the project's `data/`, or a folder or zip archive with a `dataset.json` or with MovieLens as
 * GroupLens ships it. `timeline` replaces that of the card, null removes it. Throws a UserError for an unknown data set, a
 * wrong card and a bad row.
 */
export function loadDataset(nameOrPath: string, timeline?: Timeline | null): Dataset {
  const { folder, card } = locate(nameOrPath);
  if (timeline === undefined) return datasetOf(folder, card);
  return datasetOf(folder, withKeys(folder, card, { timeline: timeline ?? undefined }));
}

/** A card with other keys, checked as if they stood in it. */
export const withKeys = ({ path }: Pick<Folder, 'path'>, card: Card, keys: object): Card =>
  parseCard(join(path, 'dataset.json'), JSON.stringify({ ...card, ...keys }));

/** The data set that a card makes of the files beside it. */
export function datasetOf(folder: Folder, card: Card) {
  const reading = readingOf(folder, card);
  const histories = historiesOf(reading.interactions);
  let interactions: ColumnTable | undefined;
  let checksums: Readonly<Record<string, string>> | undefined;
  return {
    name: card.name,
    /** Where it lies: a folder or an archive. */
    folder: folder.path,
    card,
    histories,
    /** The histories as a table, made at first use: user by user, oldest first; columns user_id and item_id. */
    get interactions() {
      interactions ??= interactionsTable(histories);
      return interactions;
    },
    users: reading.users && profileTable(reading.users),
    items: reading.items && profileTable(reading.items),
    dropped: reading.dropped,
    /** SHA-256 of its files by their names, computed at first use. */
    get checksums() {
      checksums ??= Object.fromEntries(
        tablesOf(folder, card).map((file) => [basename(file), checksumOfFile(file)]),
      );
      return checksums;
    },
  };
}

/** A value of the users or items table. */
export type Cell = string | number | readonly string[] | readonly number[];

/**
 * The users or items as a table. Columns: token string[], token_seq string[][], float Float64Array (NaN: missing),
 * float_seq number[][]. Numbers that a double would round, such as long codes, stay texts.
 */
function profileTable({ fields, separator, columns }: TextTable): ColumnTable {
  return table(fields.map(({ name, type }, c) => [name, cellsOf(type, columns[c], separator)]));
}

function cellsOf(type: FieldType, texts: readonly string[], separator: string): ArrayLike<Cell> {
  if (type === 'float' && texts.every(fitsDouble))
    return Float64Array.from(texts, (text) => (text === '' ? Number.NaN : Number(text)));
  if (!type.endsWith('_seq')) return texts;
  const lists = texts.map((text) => text.split(separator).filter((word) => word !== ''));
  return type === 'float_seq' && lists.flat().every(fitsDouble)
    ? lists.map((list) => list.map(Number))
    : lists;
}

/** Whether a double holds a number: in its range, and of 16 digits and more without rounding. */
function fitsDouble(text: string): boolean {
  const number = Number(text);
  return Number.isFinite(number) && (!/^[+-]?\d{16,}$/.test(text) || BigInt(number) === BigInt(text));
}
