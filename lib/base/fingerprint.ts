import { createHash } from 'node:crypto';

/** Hex digits that name a document. */
export const DIGITS = 12;

/** Hashes a value, whatever the order of its keys. */
export function fingerprint(value: unknown): string {
  const sorted = (_: string, part: unknown) =>
    part !== null && typeof part === 'object' && !Array.isArray(part)
      ? Object.fromEntries(Object.entries(part).sort(([a], [b]) => (a < b ? -1 : 1)))
      : part;
  return createHash('sha256').update(JSON.stringify(value, sorted)).digest('hex').slice(0, DIGITS);
}
