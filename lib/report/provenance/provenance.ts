/** What an exported file was made from, carried inside it: a copy anywhere still leads to its documents. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { z } from 'zod';
import type { Result } from '../../experiments/documents/document';

const schema = z.strictObject({
  data: z.string(),
  preset: z.string(),
  /** The folder of the run, inside the project by its path from there. */
  out: z.string(),
  /** Fingerprint of the code that computed the numbers. */
  code: z.array(z.string()).readonly(),
  /** Of the file without this; absent in older files. */
  own: z.string().optional(),
  /** Documents by their names without ending, and the checksum that each had. */
  documents: z.record(z.string(), z.string()).readonly(),
});

export type Provenance = Readonly<z.infer<typeof schema>>;

/** Of what was read to draw a figure or to fill a table. */
export const provenanceOf = (
  { data, preset, out }: Pick<Provenance, 'data' | 'preset' | 'out'>,
  results: readonly Result[],
): Provenance => ({
  ...{ data, preset, out },
  code: [...new Set(results.map(({ environment }) => environment.source))].sort(),
  documents: Object.fromEntries(
    results.map(({ instances, checksum }) => [instances.replace(/\.tsv$/, ''), checksum]),
  ),
});

const MARK = 'peterrec-provenance:';
const MARKED = new RegExp(`${MARK}([A-Za-z0-9+/]+=*)`);

/** A word of letters, digits, `+`, `/` and `=` that any text format can carry. */
export const marked = (provenance: Provenance): string =>
  `${MARK}${deflateRawSync(JSON.stringify(provenance)).toString('base64')}`;

/** What a file carries; undefined where that is nothing, or damaged. */
export function provenanceIn(content: Buffer): Provenance | undefined {
  const [, word] = MARKED.exec(content.toString('latin1')) ?? [];
  if (word === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(inflateRawSync(Buffer.from(word, 'base64')).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** A hint for who opens the file; without commas, which part the cells of a CSV. */
export const hint = ({ data, preset, documents }: Provenance): string =>
  `${data} with preset ${preset} from among ${Object.keys(documents).length} documents: npm run trace -- FILE names them`;
