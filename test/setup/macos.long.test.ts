/** The addon for macOS on Apple silicon, which nothing here can run: compiled and linked across. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { compileForArm, Unavailable } from '../arm/machine';
import { folderWith } from '../data/folders';

/** Libraries of a 64-bit Mach-O file, and symbols that whatever is loaded must have. */
function wanted(file: Buffer): { libraries: string[]; symbols: string[] } {
  const word = (at: number) => file.readUInt32LE(at);
  const text = (at: number) => file.toString('latin1', at, file.indexOf(0, at));
  const commands: number[] = [];
  for (let at = 32; commands.length < word(16); at += word(at + 4)) commands.push(at);
  const libraries = commands.filter((at) => word(at) === 0xc).map((at) => text(at + word(at + 8)));
  const table = commands.find((at) => word(at) === 0x2) as number;
  const entries = Array.from({ length: word(table + 12) }, (_, n) => word(table + 8) + 16 * n);
  const isOpen = (at: number) => (file[at + 4] & 0xef) === 1 && [0, 0xfe].includes(file[at + 7]); // of no library
  return { libraries, symbols: entries.filter(isOpen).map((at) => text(word(table + 16) + word(at))) };
}

test('the addon of macOS links with the libraries of TensorFlow and wants the rest of Node', (t) => {
  const place = path.join(folderWith({}), 'addon.node');
  try {
    compileForArm('darwin', place);
  } catch (error) {
    if (error instanceof Unavailable) return t.skip(error.message);
    throw error;
  }
  const file = fs.readFileSync(place);
  const { libraries, symbols } = wanted(file);
  assert.deepEqual([file.readUInt32LE(0), file.readUInt32LE(4)], [0xfeedfacf, 0x100000c]); // 64 bits, ARM
  assert.deepEqual(libraries.map((name) => path.basename(name)).sort(), [
    ...['libSystem.B.dylib', 'libtensorflow_cc.2.dylib', 'libtensorflow_framework.2.dylib'],
  ]);
  assert.ok(symbols.length > 20);
  assert.deepEqual(
    symbols.filter((name) => !name.startsWith('_napi_')),
    [],
  );
  t.diagnostic(`${(file.length / 1e6).toFixed(2)} MB, ${symbols.length} symbols of Node's`);
});
