/** Provenance of an exported file, carried inside it: a copy anywhere still leads to its documents. */
import { deflateRawSync, inflateRawSync } from 'node:zlib';
import crc32 from 'crc-32';
import { z } from 'zod';
import { checksumOf } from '../base/sealed';
import { nameIn, type Result } from '../experiments/documents/document';

const schema = z.strictObject({
  data: z.string(),
  preset: z.string(),
  /** The folder of the run, inside the project by its path from there. */
  out: z.string(),
  /** Fingerprint of the code that computed the numbers. */
  code: z.array(z.string()).readonly(),
  /** Of the file without this; absent in older files. */
  own: z.string().optional(),
  /** Documents by their names without ending, and what the checksum of each began with. */
  documents: z.record(z.string(), z.string()).readonly(),
});

export type Provenance = Readonly<z.infer<typeof schema>>;

/** So many digits of a checksum, 64 bits, tell that a document has changed; thousands of whole ones would outweigh a figure. */
const TOLD = 16;

/** Of what was read to draw a figure or to fill a table. */
export const provenanceOf = (
  { data, preset, out }: Pick<Provenance, 'data' | 'preset' | 'out'>,
  results: readonly Result[],
): Provenance => ({
  ...{ data, preset, out },
  code: [...new Set(results.map(({ environment }) => environment.source))].sort(),
  documents: Object.fromEntries(results.map((result) => [nameIn(result), result.checksum.slice(0, TOLD)])),
});

const MARK = 'peterrec-provenance:';
const MARKED = new RegExp(`${MARK}([A-Za-z0-9+/]+=*)`);

/** A word of letters, digits, `+`, `/` and `=` that any text format can carry. */
const marked = (provenance: Provenance): string =>
  `${MARK}${deflateRawSync(JSON.stringify(provenance)).toString('base64')}`;

/** The provenance in a file; undefined where there is none, or it is damaged. */
export function provenanceIn(content: Buffer): Provenance | undefined {
  const [, word] = MARKED.exec(content.toString('latin1')) ?? [];
  if (word === undefined) return undefined;
  try {
    return schema.parse(JSON.parse(inflateRawSync(Buffer.from(word, 'base64')).toString('utf8')));
  } catch {
    return undefined;
  }
}

/** A line for who opens the file, without commas, which part the cells of a CSV. */
const hint = ({ data, preset, documents }: Provenance): string =>
  `${data} with preset ${preset} from among ${Object.keys(documents).length} documents: npm run trace -- FILE names them`;

/** Mark of a file: a hint for readers, and the provenance with the checksum of the rest of the file. */
const markOf = (content: string | Buffer, provenance: Provenance): string =>
  `${hint(provenance)} ${marked({ ...provenance, own: checksumOf(content) })}`;

/** A `metadata` element, first in the picture. */
export const inSvg = (svg: string, provenance: Provenance): string =>
  svg.replace('>', () => `><metadata>${markOf(svg, provenance)}</metadata>`);

/** An exported picture without its provenance. */
export const outOfSvg = (svg: string): string => svg.replace(/<metadata>[^<]*<\/metadata>/, '');

/** A comment at the end: rows are read by their place from the top. */
export const inCsv = (csv: string, provenance: Provenance): string => `${csv}# ${markOf(csv, provenance)}\n`;

/** Comments at the top. */
export const inLatex = (tex: string, provenance: Provenance): string =>
  `% ${markOf(tex, provenance).replace(/ (?=\S+$)/, '\n% ')}\n${tex}`;

/** Bytes of the signature and the header of a PNG. */
const HEAD = 8 + 25;

/** A chunk of text behind the header, as the PNG specification (11.3.4.3) prescribes. */
export function inPng(png: Buffer, provenance: Provenance): Buffer {
  const typed = Buffer.from(`tEXtSource\0${markOf(png, provenance)}`, 'latin1');
  const chunk = Buffer.alloc(typed.length + 8);
  chunk.writeUInt32BE(typed.length - 4, 0);
  typed.copy(chunk, 4);
  chunk.writeInt32BE(crc32.buf(typed), typed.length + 4);
  return Buffer.concat([png.subarray(0, HEAD), chunk, png.subarray(HEAD)]);
}

function outOfPng(png: Buffer): Buffer {
  const chunk = png.readUInt32BE(HEAD) + 12; // with length, type and checksum
  return Buffer.concat([png.subarray(0, HEAD), png.subarray(HEAD + chunk)]);
}

/**
 * An entry of the document information, as an incremental update (ISO 32000-1, 7.5.6): appends the information and a
 * cross-reference table for it. Throws where the file has no classic table and information.
 */
export function inPdf(pdf: Buffer, provenance: Provenance): Buffer {
  const text = pdf.toString('latin1');
  const last = (pattern: RegExp) => {
    const found = [...text.matchAll(pattern)].at(-1);
    if (!found) throw new Error(`no ${pattern.source} in the PDF`);
    return found[1];
  };
  const [size, root] = [last(/\/Size (\d+)/g), last(/\/Root (\d+ \d+ R)/g)];
  const [information, previous] = [last(/\/Info (\d+) 0 R/g), last(/startxref\s+(\d+)/g)];
  const entries = last(new RegExp(`(?:^|\\n)${information} 0 obj\\s*<<([\\s\\S]*?)>>\\s*endobj`, 'g'));
  const object = `${information} 0 obj\n<<${entries}/Source (${markOf(pdf, provenance)})>>\nendobj\n`;
  const place = String(pdf.length + 1).padStart(10, '0');
  const table = `xref\n${information} 1\n${place} 00000 n \n`;
  const trailer = `trailer\n<</Size ${size}/Root ${root}/Info ${information} 0 R/Prev ${previous}>>\n`;
  const end = `startxref\n${pdf.length + 1 + object.length}\n%%EOF\n`;
  return Buffer.concat([pdf, Buffer.from(`\n${object}${table}${trailer}${end}`, 'latin1')]);
}

/** File before the last update, whose object follows an empty line of its own. */
const outOfPdf = (pdf: Buffer) => pdf.subarray(0, pdf.lastIndexOf('\n', pdf.lastIndexOf(' 0 obj')));

/** An exported file without its provenance, by what it begins with. */
function withoutProvenance(file: Buffer): string | Buffer {
  const head = file.toString('latin1', 0, 4);
  if (head === '%PDF') return outOfPdf(file);
  if (head === '\x89PNG') return outOfPng(file);
  const text = file.toString('utf8');
  if (head === '<svg') return outOfSvg(text);
  return text.replace(head.startsWith('% ') ? /^% [^\n]*\n% [^\n]*\n/ : /# [^\n]*\n$/, '');
}

/** Whether a file is as it was exported; undefined where it does not say. */
export const isAsExported = (file: Buffer, { own }: Provenance): boolean | undefined =>
  own === undefined ? undefined : checksumOf(withoutProvenance(file)) === own;
