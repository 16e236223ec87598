/**
 * Digits of code: of declarations at the top of modules and of all that they use. Comments, types, messages of errors and the
 * places of files change nothing.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../files/fingerprint';
import { kernelsNamedIn } from './kernelCode';
import { type Module, type Piece, readModule } from './modules';

const LIBRARY = path.join(__dirname, '..', '..');

/** What prepares a machine decides nothing of what is computed on it. */
const SETUP = path.join(LIBRARY, 'setup/');

/** A piece, and the file whose scope its names are of. */
type Placed = { readonly file: string; readonly piece: Piece };

/** What stands for a file, as long as it is not written. */
const known = new Map<string, { readonly written: string; readonly module: Module }>();

function moduleOf(file: string): Module {
  const { mtimeMs, size, ino } = fs.statSync(file);
  const written = `${mtimeMs}/${size}/${ino}`;
  const before = known.get(file);
  if (before?.written === written) return before.module;
  const module = readModule(file);
  known.set(file, { written, module });
  return module;
}

/** All of a module. */
const wholeOf = (file: string): Placed[] => {
  const { own, effects } = moduleOf(file);
  return [...own.values(), ...effects].map((piece) => ({ file, piece }));
};

/** What a module gives under a name; all of it for `*`, and of JSON and CommonJS. */
function exported(file: string, name: string): Placed[] {
  if (file.startsWith(SETUP)) return [];
  const { exports } = moduleOf(file);
  if (name === '*' || exports.size === 0) return wholeOf(file);
  const from = exports.get(name);
  if (from === undefined) throw new Error(`${file}: expected an export ${name}, found none`);
  return typeof from === 'string' ? inScope(file, from) : exported(from.file, from.name);
}

/** What a name stands for in a module; nothing if it is a package's or a local variable's. */
function inScope(file: string, name: string): Placed[] {
  const { own, imports } = moduleOf(file);
  const piece = own.get(name);
  if (piece) return [{ file, piece }];
  const from = imports.get(name);
  return from ? exported(from.file, from.name) : [];
}

/** What a piece uses, by the name that it uses for it; of a table by choice the chosen entries. */
function usedBy({ file, piece }: Placed, isChosen: (key: string) => boolean): [name: string, used: Placed][] {
  return [
    ...piece.names.flatMap((name) => inScope(file, name).map((one): [string, Placed] => [name, one])),
    ...piece.loads.flatMap((other) => wholeOf(other).map((one): [string, Placed] => ['', one])),
    ...[...piece.entries]
      .filter(([key]) => isChosen(key))
      .map(([key, entry]): [string, Placed] => [key, { file, piece: entry }]),
  ];
}

/**
 * Stands for what modules of the library export (`training/losses.ts#bpr`), or for all of them (`report/export.ts`), for all of the
 * library that it uses, and for the kernels that the engine's addon was compiled from, as far as ops of theirs are named there. Of
 * tables by choice only the entries of `choices` count; all if absent.
 */
export function codeFingerprint(roots: readonly string[], choices?: ReadonlySet<string>): string {
  const isChosen = (key: string) => choices === undefined || choices.has(key);
  const found = new Map<Piece, string>();
  const [texts, seen] = [new Set<string>(), new Set<string>()];
  const left: Placed[] = roots.flatMap((root) => {
    const [module, name = '*'] = root.split('#');
    return exported(path.join(LIBRARY, module), name);
  });
  for (let one = left.pop(); one; one = left.pop()) {
    if (found.has(one.piece)) continue;
    const uses = usedBy(one, isChosen);
    const named = uses.map(([name, { piece }]) => `${name} ${piece.text}`).sort();
    found.set(one.piece, fingerprint([one.piece.text, ...named]));
    texts.add(one.piece.text);
    left.push(...uses.map(([, used]) => used));
    if (seen.has(one.file)) continue;
    seen.add(one.file);
    left.push(...moduleOf(one.file).effects.map((piece) => ({ file: (one as Placed).file, piece })));
  }
  return fingerprint([...[...found.values()].sort(), kernelsNamedIn([...texts].join('\n'))]);
}
