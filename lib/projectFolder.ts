import path from 'node:path';

/** A path inside the project, wherever it was cloned or moved to. */
export const inProject = (...parts: string[]): string => path.resolve(__dirname, '..', ...parts);
