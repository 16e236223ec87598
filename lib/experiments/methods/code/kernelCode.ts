/** The kernel sources behind the ops that code names. */
import fs from 'node:fs';
import path from 'node:path';
import { compiledKernels, KERNELS } from '../../../setup/parts/addon';

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
export function kernelsNamedIn(code: string): readonly string[] {
  const compiled = compiledKernels();
  const needed = new Set<string>();
  for (const name of Object.keys(compiled).filter((source) => source.endsWith('.cc'))) {
    const ops = [...fs.readFileSync(path.join(KERNELS, name), 'utf8').matchAll(OPS)];
    if (ops.some(([, op]) => code.includes(`"${op}"`))) for (const one of withNeeded(name)) needed.add(one);
  }
  return [...needed].map((name) => `${name} ${compiled[name]}`).sort();
}
