import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import { type Card, parseCard, type Timeline } from '../card/card';
import type { Dropped } from '../card/dropped';
import { readingOf } from '../reading/cache';
import type { TextTable } from '../reading/formats/reading';
import type { Folder } from '../reading/text/folder';
import { type Histories, historiesOf, interactionsTable } from './histories';
import { locate } from './locate';
import { profileTable } from './profile';

/** A data set as read, before tasks are built from it. */
export interface Dataset {
  readonly name: string;
  /** Where it lies: a folder or an archive. */
  readonly folder: string;
  readonly card: Card;
  readonly histories: Histories;
  /** The histories as a table, made at first use: user by user, oldest first; columns user_id and item_id. */
  readonly interactions: ColumnTable;
  readonly users: ColumnTable | undefined;
  readonly items: ColumnTable | undefined;
  /** The cells of `users` as written, numbers too. */
  readonly userTexts: TextTable | undefined;
  readonly dropped: readonly Dropped[];
}

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
export function datasetOf(folder: Folder, card: Card): Dataset {
  const reading = readingOf(folder, card);
  const histories = historiesOf(reading.interactions);
  let interactions: ColumnTable | undefined;
  return {
    name: card.name,
    folder: folder.path,
    card,
    histories,
    get interactions() {
      interactions ??= interactionsTable(histories);
      return interactions;
    },
    users: reading.users && profileTable(reading.users),
    items: reading.items && profileTable(reading.items),
    userTexts: reading.users,
    dropped: reading.dropped,
  };
}
