import fs from 'node:fs';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { createBrotliDecompress } from 'node:zlib';

/**
 * The Chromium that npm installed, unpacked once into `node_modules/.cache`; returns the path of the program.
 * The package's own `executablePath()` unpacks to the shared temporary folder, where another user could have
 * put a program of that name and where a half-written one is taken for whole; hence private, and atomic.
 */
export async function chromiumExecutable(): Promise<string> {
  const packed = path.resolve(require.resolve('@sparticuz/chromium'), '../../../bin/chromium.br');
  const folder = path.resolve(packed, '../../../../.cache/chromium');
  const { size, mtimeMs } = fs.statSync(packed);
  const executable = path.join(folder, `chromium-${size}-${Math.floor(mtimeMs)}`);
  if (!fs.existsSync(executable)) await unpack(packed, executable);
  return executable;
}

async function unpack(packed: string, executable: string): Promise<void> {
  fs.mkdirSync(path.dirname(executable), { recursive: true });
  const partial = `${executable}.${process.pid}`;
  const target = fs.createWriteStream(partial, { mode: 0o700 });
  await pipeline(fs.createReadStream(packed), createBrotliDecompress(), target);
  fs.renameSync(partial, executable);
}
