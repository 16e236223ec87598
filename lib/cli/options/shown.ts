import path from 'node:path';
import { userFolder } from './paths';

/** A file or a folder by its path from where the user stands. */
export const shown = (file: string): string => path.relative(userFolder(), file) || '.';
