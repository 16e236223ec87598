/** Which sources of the engine's kernels stand behind the ops that code names. */
import fs from 'node:fs';
import path from 'node:path';
import { compiledKernels, KERNELS } from '../../setup/parts/addon';

/** What `Register({"RowAdam", …})` makes known to TensorFlow. */
const OPS = /\bRegister\(\{"(\w+)"/g;
const INCLUDES = /"([\w./]+\.(?:h|inc))"/g;

/** The sources that a source needs, by their paths from the folder: what it includes, and what stands behind a header. */
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

/** What was compiled of the sources of the ops that stand in quotation marks in code, sorted. */
export function kernelsNamedIn(code: string): readonly string[] {
  const compiled = compiledKernels();
  const needed = new Set<string>();
  for (const name of Object.keys(compiled).filter((source) => source.endsWith('.cc'))) {
    const ops = [...fs.readFileSync(path.join(KERNELS, name), 'utf8').matchAll(OPS)];
    if (ops.some(([, op]) => code.includes(`"${op}"`))) for (const one of withNeeded(name)) needed.add(one);
  }
  return [...needed].map((name) => `${name} ${compiled[name]}`).sort();
}
