import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../userError';

/** The program that set-up unpacked from the Chromium package of this version, see lib/setup/parts/chromium.js. */
export function chromiumExecutable(): string {
  const packed = path.resolve(require.resolve('@sparticuz/chromium'), '../../../bin/chromium.br');
  const { size, mtimeMs } = fs.statSync(packed);
  const folder = path.resolve(packed, '../../../../.cache/chromium');
  const executable = path.join(folder, `chromium-${size}-${Math.floor(mtimeMs)}`);
  if (!fs.existsSync(executable)) throw new UserError('Chromium is not unpacked: run npm run setup');
  return executable;
}
