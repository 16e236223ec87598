/**
 * Fingerprints of code: of top-level declarations and all that they use. Comments, types, messages of the library's errors and
 * paths of files do not count.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../../../base/fingerprint';
import { compiledKernels, KERNELS } from '../../../setup/parts/addon';
import { type Module, moduleFile, type Piece, readModule } from './modules';

const LIBRARY = path.resolve(__dirname, '../../..');

/** Set-up decides no number. */
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

/** Whether a file is one of `lib`. */
export const isOfLibrary = (file: string): boolean => file.startsWith(LIBRARY + path.sep);

/** All of a module. */
const wholeOf = (file: string): Placed[] => {
  const { own, effects, passing } = moduleOf(file);
  return [...own.values(), ...effects, passing].map((piece) => ({ file, piece }));
};

/** An export of a module; all of the module where it has no such export, as JSON and CommonJS. */
function exported(file: string, name: string): Placed[] {
  if (file.startsWith(SETUP)) return [];
  const from = moduleOf(file).exports.get(name);
  if (from === undefined) return wholeOf(file);
  return typeof from === 'string' ? inScope(file, from) : exported(from.file, from.name);
}

/** Pieces that a name stands for in a module; nothing for packages and local variables. */
function inScope(file: string, name: string): Placed[] {
  const { own, imports } = moduleOf(file);
  const piece = own.get(name);
  if (piece) return [{ file, piece }];
  const from = imports.get(name);
  return from ? exported(from.file, from.name) : [];
}

/** Pieces that a piece uses, under the name it has there; of a `byChoice` table the chosen entries. */
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

/** Follows uses from these pieces. */
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

/** Matches `Register({"RowAdam", …})`. */
const OPS = /\bRegister\(\{"(\w+)"/g;
const INCLUDES = /"([\w./]+\.(?:h|inc))"/g;

/** A source, what it includes, and the source of each header, by their paths from the folder. */
function withNeeded(name: string, found = new Set<string>()): Set<string> {
  if (found.has(name)) return found;
  found.add(name);
  const text = fs.readFileSync(path.join(KERNELS, name), 'utf8');
  const isThere = (other: string) => fs.existsSync(path.join(KERNELS, other));
  const included = [...text.matchAll(INCLUDES)].flatMap(([, other]) =>
    [path.join(path.dirname(name), other), other, path.join('tiles', other)].filter(isThere).slice(0, 1),
  );
  for (const other of [...included, name.replace(/\.h$/, '.cc')])
    if (isThere(other)) withNeeded(other, found);
  return found;
}

/** Compiled sources, sorted, of the ops that code names in quotation marks. */
function kernelsNamedIn(code: string): readonly string[] {
  const compiled = compiledKernels();
  const needed = new Set<string>();
  for (const name of Object.keys(compiled).filter((source) => source.endsWith('.cc'))) {
    const ops = [...fs.readFileSync(path.join(KERNELS, name), 'utf8').matchAll(OPS)];
    if (ops.some(([, op]) => code.includes(`"${op}"`))) for (const one of withNeeded(name)) needed.add(one);
  }
  return [...needed].map((name) => `${name} ${compiled[name]}`).sort();
}

/**
 * The fingerprint of exports of the library (`training/losses.ts#bpr`) or of whole modules (`report/export.ts`), all that they use,
 * and the kernels behind the ops that they name. Of `byChoice` tables only the entries of `choices` count; absent: all.
 */
export function codeFingerprint(roots: readonly string[], choices?: ReadonlySet<string>): string {
  const pieces = roots.flatMap((root) => {
    const [module, name = '*'] = root.split('#');
    return exported(path.join(LIBRARY, module), name);
  });
  return reached(pieces, (key) => choices === undefined || choices.has(key)).digits;
}

/** The fingerprint of any module, its files, and the packages that files outside the library import. */
export function moduleCode(module: string): Reached & { readonly packages: readonly string[] } {
  const code = reached(wholeOf(moduleFile(module)), () => true);
  const own = [...code.files].filter((file) => !isOfLibrary(file));
  return { ...code, packages: [...new Set(own.flatMap((file) => moduleOf(file).packages))].sort() };
}
