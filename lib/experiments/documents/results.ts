/** The results of a folder, whether a run has left them there or they are packed. */
import path from 'node:path';
import { UserError } from '../../base/userError';
import { type InstanceRow, nameIn, ownDocuments, ownRows, type Result } from './document';
import { packedDocuments, packedRows } from './packed';

/** Every document of OUT, the packed ones first, then by age; what a run computed again is not read from the set. */
export function documentsOf(out: string): Result[] {
  const own = ownDocuments(out);
  const names = new Set(own.map(nameIn));
  return [...packedDocuments(out).filter((one) => !names.has(nameIn(one))), ...own];
}

/** The test instances of a document, or a trunk's held-out users. Throws a UserError if they are missing or damaged. */
export function instanceRows(out: string, result: Result): readonly InstanceRow[] {
  const rows = ownRows(out, result) ?? packedRows(out, result);
  if (rows) return rows;
  const file = path.join(out, 'results', result.instances);
  throw new UserError(`${file} is not there: what needs every test instance must be run, not only read`);
}
