import fs from 'node:fs';
import { unpackedChromium } from '../../setup/parts/chromium';
import { UserError } from '../../userError';

/** The program that set-up unpacked; throws a UserError where it is not there. */
export function chromiumExecutable(): string {
  const executable = unpackedChromium();
  if (!fs.existsSync(executable)) throw new UserError('Chromium is not unpacked: run npm run setup');
  return executable;
}
