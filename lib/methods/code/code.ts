/**
 * Digits of code: of declarations at the top of modules and of all that they use. Comments, types, messages of errors and the
 * places of files change nothing.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../files/fingerprint';
import { kernelsNamedIn } from './kernelCode';
import { type Module, moduleFile, type Piece, readModule } from './modules';

const LIBRARY = path.join(__dirname, '..', '..');

/** What prepares a machine decides nothing of what is computed on it. */
const SETUP = path.join(LIBRARY, 'setup/');

/** A piece, and the file whose scope its names are of. */
type Placed = { readonly file: string; readonly piece: Piece };

const known = new Map<string, { readonly written: string; readonly module: Module }>();

/** A module, read again after an edit. */
function moduleOf(file: string): Module {
  const { mtimeMs, size, ino } = fs.statSync(file);
  const written = `${mtimeMs}/${size}/${ino}`;
  const before = known.get(file);
  if (before?.written === written) return before.module;
  const module = readModule(file, !isOfLibrary(file));
  known.set(file, { written, module });
  return module;
}

/** Whether a file is one of `lib`, whose errors are told from what decides numbers. */
export const isOfLibrary = (file: string): boolean => file.startsWith(LIBRARY + path.sep);

/** All of a module. */
const wholeOf = (file: string): Placed[] => {
  const { own, effects, passing } = moduleOf(file);
  return [...own.values(), ...effects, passing].map((piece) => ({ file, piece }));
};

/** What a module gives under a name; all of it where it exports no such name, as JSON and CommonJS do. */
function exported(file: string, name: string): Placed[] {
  if (file.startsWith(SETUP)) return [];
  const from = moduleOf(file).exports.get(name);
  if (from === undefined) return wholeOf(file);
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

type Reached = { readonly digits: string; readonly files: ReadonlySet<string> };

/** What is reached from these pieces: its files, and digits of its code. */
function reached(from: readonly Placed[], isChosen: (key: string) => boolean): Reached {
  const found = new Map<Piece, string>();
  const [texts, files] = [new Set<string>(), new Set<string>()];
  const left = [...from];
  for (let one = left.pop(); one; one = left.pop()) {
    const { file, piece } = one;
    if (found.has(piece)) continue;
    const uses = usedBy(one, isChosen);
    const named = uses.map(([name, used]) => `${name} ${used.piece.text}`).sort();
    found.set(piece, fingerprint([piece.text, ...named]));
    texts.add(piece.text);
    left.push(...uses.map(([, used]) => used));
    if (!files.has(file)) left.push(...moduleOf(file).effects.map((effect) => ({ file, piece: effect })));
    files.add(file);
  }
  const kernels = kernelsNamedIn([...texts].join('\n'));
  return { digits: fingerprint([...[...found.values()].sort(), kernels]), files };
}

/**
 * Stands for what modules of the library export (`training/losses.ts#bpr`), or for all of them (`report/export.ts`), for all of the
 * library that it uses, and for the kernels that the engine's addon was compiled from, as far as ops of theirs are named there. Of
 * tables by choice only the entries of `choices` count; all if absent.
 */
export function codeFingerprint(roots: readonly string[], choices?: ReadonlySet<string>): string {
  const pieces = roots.flatMap((root) => {
    const [module, name = '*'] = root.split('#');
    return exported(path.join(LIBRARY, module), name);
  });
  return reached(pieces, (key) => choices === undefined || choices.has(key)).digits;
}

/** The same of a module anywhere, with the files that it uses and the packages that those beside the library import. */
export function moduleCode(module: string): Reached & { readonly packages: readonly string[] } {
  const code = reached(wholeOf(moduleFile(module)), () => true);
  const own = [...code.files].filter((file) => !isOfLibrary(file));
  return { ...code, packages: [...new Set(own.flatMap((file) => moduleOf(file).packages))].sort() };
}
