import path from 'node:path';

/** A file as the user may name it from where the command runs. */
export const shown = (file: string): string => path.relative(process.cwd(), file);
