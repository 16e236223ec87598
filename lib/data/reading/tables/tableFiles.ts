import { basename, join } from 'node:path';
import { UserError } from '../../../base/userError';
import { type Card, fieldsOfTasks } from '../../card/card';
import { quoted, UTF8 } from '../../card/textFile';
import { FILE_ORDER, type Format, ID_OF, type PartName, type Use } from '../formats/layout';
import type { FieldType, TextTable } from '../formats/reading';
import type { Engine } from '../sql/engine';
import type { RawFile } from '../sql/part';
import { CELL_END, trimmed } from '../text/rows';
import { formatted, foundDate, requireFormat } from './forms';
import { fieldsOf, labelOf, layoutOf, openSheet, rolesOf, type Sheet, type SheetPlace } from './sheet';

/** Any tables whose columns the card names. */

/** The files of a card; one with the interactions is always there. */
export type Files = Partial<Record<PartName, RawFile>>;

/** Takes fields for which users or items have no file from the interactions. */
export function useOfTables(card: Card): Use {
  const { columns, lists = {} } = card;
  const fields = fieldsOfTasks(card);
  const within = (kind: 'users' | 'items') =>
    card[kind] === undefined ? [...new Set(fields[kind].map(({ field }) => field))] : [];
  return {
    ...(columns?.interactions.time === null ? { order: FILE_ORDER } : {}),
    within: { users: within('users'), items: within('items') },
    finish: (table) => withFoundTypes(table, lists),
  };
}

type Sheets = Partial<Record<PartName, Sheet>>;

/**
 * Opens the files of a card and finds the columns that it or its format names. Throws a UserError that lists the columns there
 * are.
 */
export async function tableFiles(
  engine: Engine,
  place: Pick<SheetPlace, 'folder' | 'work'>,
  card: Card,
  format?: Format,
): Promise<Files> {
  const { folder } = place;
  const cardFile = join(folder.path, 'dataset.json');
  if (card.timeFormat !== undefined) await requireFormat(engine, card.timeFormat, cardFile);
  const files: Files = {};
  const sheets: Sheets = {};
  for (const part of ['interactions', 'users', 'items'] as const) {
    const name = card[part];
    if (name === undefined) continue;
    const { encoding = UTF8, onBadRow } = card;
    const needed = Object.keys(rolesOf(card, part));
    const [header, written] = [card.header?.[part], format?.written(name)];
    const at: SheetPlace = { ...place, part, name, encoding, onBadRow, header, needed, written };
    const sheet = await openSheet(engine, at);
    if (format) {
      const [label, cells] = [labelOf(at), sheet.columns.map((column) => column.name)];
      const layout = layoutOf(sheet, format.fieldsOf(label, part, cells), ' ');
      files[part] = { label, layout, pieces: sheet.pieces, onBadRow };
      continue;
    }
    for (const [role, column] of Object.entries(card.columns?.[part] ?? {}))
      if (column !== null)
        requireColumn(`${cardFile}: columns: ${role}`, column, namesOf(sheet), basename(name));
    files[part] = await rawFile(engine, sheet, labelOf(at), card, part);
    sheets[part] = sheet;
  }
  if (!format) requireFields(cardFile, card, sheets);
  return files;
}

const namesOf = ({ columns }: Sheet) => columns.map(({ name }) => name).filter((name) => name !== '');

function requireColumn(place: string, column: string, there: readonly string[], where: string): void {
  if (there.includes(column)) return;
  const columns = there.length > 0 ? there.join(', ') : 'beside user, item and time';
  throw new UserError(
    `${place}: expected one of the columns ${columns} of ${where}, found ${quoted(column)}`,
  );
}

/** Throws a UserError where the files lack a field that lists or tasks name. */
function requireFields(cardFile: string, card: Card, sheets: Sheets): void {
  const all = Object.values(sheets).flatMap(namesOf);
  for (const field of Object.keys(card.lists ?? {}))
    requireColumn(`${cardFile}: lists`, field, all, 'its files');
  const wanted = fieldsOfTasks(card);
  for (const kind of ['users', 'items'] as const) {
    const part = card[kind] === undefined ? 'interactions' : kind;
    const [id, roles] = [ID_OF[kind], rolesOf(card, part)];
    const isField = (name: string) =>
      name === id ? part === kind && roles[id] === id : !Object.hasOwn(roles, name);
    const there = namesOf(sheets[part] as Sheet).filter(isField);
    for (const { key, field } of wanted[kind])
      requireColumn(`${cardFile}: ${key}`, field, there, basename(card[part] as string));
  }
}

async function rawFile(engine: Engine, sheet: Sheet, label: string, card: Card, part: PartName) {
  const { pieces } = sheet;
  const { timeFormat, onBadRow } = card;
  const fields = fieldsOf(sheet.columns, rolesOf(card, part), part);
  const c = fields.findIndex(({ type }) => type === 'time');
  if (c >= 0) {
    const found = () => foundDate(engine, pieces, layoutOf(sheet, fields), c);
    const form = timeFormat ? formatted(timeFormat) : await found();
    if (form) fields[c] = { ...fields[c], form };
  }
  return { label, layout: layoutOf(sheet, fields), pieces, onBadRow };
}

/** A number as programs write it: one that starts with needless zeros, such as a postcode, is a code. */
const NUMBER = /^[+-]?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?$/;

/**
 * The table with the types that its cells show: a field is a number where all cells that are not empty are, and a list
 * where it is one in the file or the card names what separates its values. Ids stay tokens; fields without a name go.
 */
function withFoundTypes({ fields, columns }: TextTable, lists: Readonly<Record<string, string>>): TextTable {
  const found = fields.flatMap(({ name, type }, c) => {
    if (name === '') return [];
    const between = Object.hasOwn(lists, name) ? lists[name] : undefined;
    const cells = between === undefined ? columns[c] : columns[c].map((cell) => listOf(cell, between));
    return [{ name, type: between === undefined ? typeOf(name, type, cells) : 'token_seq', cells }] as const;
  });
  return {
    fields: found.map(({ name, type }) => ({ name, type })),
    separator: CELL_END,
    columns: found.map(({ cells }) => cells),
  };
}

const listOf = (cell: string, between: string) => cell.split(between).map(trimmed).join(CELL_END);

function typeOf(name: string, type: FieldType, cells: readonly string[]): FieldType {
  if (type === 'token_seq' || name.endsWith('_id')) return type;
  const present = cells.filter((cell) => cell !== '');
  return present.length > 0 && present.every((cell) => NUMBER.test(cell)) ? 'float' : 'token';
}
