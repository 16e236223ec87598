import { basename, join } from 'node:path';
import { UserError } from '../../../userError';
import type { Card } from '../../card/card';
import { UTF8 } from '../../card/encoding';
import { fieldsOfTasks } from '../../card/fields';
import { quoted } from '../../card/textFile';
import type { PartName, Use } from '../formats/format';
import type { Field } from '../formats/layout';
import type { Engine } from '../sql/engine';
import type { RawFile } from '../sql/part';
import type { Folder } from '../text/folder';
import { BRACKETS, IN_BRACKETS } from './brackets';
import { formatted, foundDate, requireFormat } from './dates';
import { withFoundTypes } from './fieldTypes';
import { labelOf, openSheet } from './openSheet';
import { fieldsOf, ID_OF, rolesOf } from './roles';
import { layoutOf, type Sheet, type SheetPlace } from './sheet';

/** Any tables whose columns the card names. */

interface Place {
  readonly folder: Folder;
  readonly card: Card;
  readonly work: string;
}

/** What becomes of them: fields for which users or items have no file are taken from the interactions. */
export function useOfTables(card: Card): Use {
  const { columns, lists = {} } = card;
  const fields = fieldsOfTasks(card);
  const within = (kind: 'users' | 'items') =>
    card[kind] === undefined ? [...new Set(fields[kind].map(({ field }) => field))] : [];
  return {
    order: columns?.interactions.time === null ? 'interactions.rowid' : 'timestamp',
    condition: 'true',
    within: { users: within('users'), items: within('items') },
    finish: (_, table) => withFoundTypes(table, lists),
  };
}

/** Opens the files of a card and finds the columns that it names; throws a UserError that lists those there are. */
export async function tableFiles(engine: Engine, place: Place): Promise<Partial<Record<PartName, RawFile>>> {
  const { folder, card } = place;
  const cardFile = join(folder.path, 'dataset.json');
  if (card.timeFormat !== undefined) await requireFormat(engine, card.timeFormat, cardFile);
  const files: Partial<Record<PartName, RawFile>> = {};
  const sheets: Partial<Record<PartName, Sheet>> = {};
  for (const part of ['interactions', 'users', 'items'] as const) {
    const name = card[part];
    if (name === undefined) continue;
    const roles = rolesOf(card, part);
    const at: SheetPlace = {
      ...place,
      part,
      name,
      encoding: card.encoding ?? UTF8,
      onBadRow: card.onBadRow,
      header: card.header?.[part],
      needed: Object.keys(roles),
    };
    const sheet = await openSheet(engine, at);
    requireColumns(cardFile, namesOf(sheet), basename(name), rolesByKey(card, part));
    files[part] = await rawFile(engine, sheet, { label: labelOf(at), card, part });
    sheets[part] = sheet;
  }
  requireFields(cardFile, card, sheets);
  return files;
}

const namesOf = (...sheets: readonly Sheet[]) =>
  sheets.flatMap(({ columns }) => columns.map(({ name }) => name).filter((name) => name !== ''));

/** Where the card names columns of a file: the key and the column. */
function rolesByKey({ columns }: Card, part: PartName): [string, string][] {
  return Object.entries(columns?.[part] ?? {}).flatMap(([role, column]) =>
    typeof column === 'string' ? [[`columns: ${role}`, column] as [string, string]] : [],
  );
}

function requireColumns(
  cardFile: string,
  there: readonly string[],
  where: string,
  wanted: readonly (readonly [key: string, column: string])[],
): void {
  const missing = wanted.find(([, column]) => !there.includes(column));
  if (missing === undefined) return;
  const [key, column] = missing;
  throw new UserError(`${cardFile}: ${key}: expected ${oneOf(there)} of ${where}, found ${quoted(column)}`);
}

const oneOf = (columns: readonly string[]) =>
  columns.length > 0 ? `one of the columns ${columns.join(', ')}` : 'a column beside user, item and time';

/** The fields that lists and tasks name; those of a users or items file are looked for when the tasks are built. */
function requireFields(cardFile: string, card: Card, sheets: Partial<Record<PartName, Sheet>>): void {
  const all = Object.values(sheets);
  const lists = Object.keys(card.lists ?? {}).map((field) => ['lists', field] as const);
  requireColumns(cardFile, namesOf(...all), 'its files', lists);
  const fields = fieldsOfTasks(card);
  for (const kind of ['users', 'items'] as const) {
    requireOwnNames(cardFile, card, kind);
    if (card[kind] !== undefined) continue;
    const roles = rolesOf(card, 'interactions');
    const there = namesOf(sheets.interactions as Sheet).filter((name) => !Object.hasOwn(roles, name));
    const wanted = fields[kind].map(({ key, field }) => [key, field] as const);
    requireColumns(cardFile, there, basename(card.interactions), wanted);
  }
}

/** Throws a UserError where a task names a field that is called as the ids are, and the ids stand in another column. */
function requireOwnNames(cardFile: string, card: Card, kind: 'users' | 'items'): void {
  const id = ID_OF[kind];
  const roles = rolesOf(card, card[kind] === undefined ? 'interactions' : kind);
  const taken = fieldsOfTasks(card)[kind].find(({ field }) => field === id);
  if (taken === undefined || roles[id] === id) return;
  const expected = `expected a column that is not called as the ids of ${kind} are`;
  throw new UserError(`${cardFile}: ${taken.key}: ${expected}, found ${quoted(id)}`);
}

/** Whether a card says that the texts of a field are lists in brackets. */
const hasBrackets = ({ name, type, required }: Field, lists: Readonly<Record<string, string>>) =>
  !required && type === 'token' && Object.hasOwn(lists, name) && lists[name] === BRACKETS;

async function rawFile(
  engine: Engine,
  sheet: Sheet,
  { label, card, part }: { readonly label: string; readonly card: Card; readonly part: PartName },
): Promise<RawFile> {
  const { pieces } = sheet;
  const { timeFormat, onBadRow, lists = {} } = card;
  const fields = fieldsOf(sheet.columns, rolesOf(card, part), part).map((field) =>
    hasBrackets(field, lists) ? { ...field, type: 'token_seq' as const, list: IN_BRACKETS } : field,
  );
  const layout = layoutOf(sheet, fields);
  const c = fields.findIndex(({ type }) => type === 'time');
  if (c < 0) return { label, layout, pieces, onBadRow };
  const date = timeFormat ? formatted(timeFormat) : await foundDate(engine, pieces, layout, c);
  const dated = fields.map((field, i) => (i === c && date ? { ...field, date } : field));
  return { label, layout: layoutOf(sheet, dated), pieces, onBadRow };
}
