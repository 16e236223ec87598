/** Provenance inside each format, where its readers skip it. */
import crc32 from 'crc-32';
import { checksumOf } from '../../base/sealed';
import { hint, marked, type Provenance } from './provenance';

/** What a file carries: a hint for readers, and the provenance with the checksum of the rest of the file. */
const markOf = (content: string | Buffer, provenance: Provenance): string =>
  `${hint(provenance)} ${marked({ ...provenance, own: checksumOf(content) })}`;

/** A `metadata` element, first in the picture. */
export const inSvg = (svg: string, provenance: Provenance): string =>
  svg.replace('>', () => `><metadata>${markOf(svg, provenance)}</metadata>`);

/** An exported picture without its provenance. */
export const outOfSvg = (svg: string): string => svg.replace(/<metadata>[^<]*<\/metadata>/, '');

/** A comment at the end: rows are read by their place from the top. */
export const inCsv = (csv: string, provenance: Provenance): string => `${csv}# ${markOf(csv, provenance)}\n`;

const outOfCsv = (csv: string): string => csv.replace(/# [^\n]*\n$/, '');

/** Comments at the top. */
export const inLatex = (tex: string, provenance: Provenance): string =>
  `% ${markOf(tex, provenance).replace(/ (?=\S+$)/, '\n% ')}\n${tex}`;

const outOfLatex = (tex: string): string => tex.replace(/^% [^\n]*\n% [^\n]*\n/, '');

const SIGNATURE_AND_HEADER = 8 + 25;

/** A chunk of text behind the header, as the PNG specification (11.3.4.3) prescribes. */
export function inPng(png: Buffer, provenance: Provenance): Buffer {
  const typed = Buffer.from(`tEXtSource\0${markOf(png, provenance)}`, 'latin1');
  const chunk = Buffer.alloc(typed.length + 8);
  chunk.writeUInt32BE(typed.length - 4, 0);
  typed.copy(chunk, 4);
  chunk.writeInt32BE(crc32.buf(typed), typed.length + 4);
  return Buffer.concat([png.subarray(0, SIGNATURE_AND_HEADER), chunk, png.subarray(SIGNATURE_AND_HEADER)]);
}

/** Length, type and checksum of a chunk, beside its content. */
const CHUNK_FRAME = 12;

function outOfPng(png: Buffer): Buffer {
  const chunk = png.readUInt32BE(SIGNATURE_AND_HEADER) + CHUNK_FRAME;
  return Buffer.concat([png.subarray(0, SIGNATURE_AND_HEADER), png.subarray(SIGNATURE_AND_HEADER + chunk)]);
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
  const start = pdf.length + 1 + object.length;
  return Buffer.concat([
    pdf,
    Buffer.from(`\n${object}${table}${trailer}startxref\n${start}\n%%EOF\n`, 'latin1'),
  ]);
}

/** What stood before the last update, whose object follows an empty line of its own. */
function outOfPdf(pdf: Buffer): Buffer {
  const object = pdf.lastIndexOf(' 0 obj');
  return pdf.subarray(0, pdf.lastIndexOf('\n', object));
}

/** An exported file without its provenance, by what it begins with. */
function withoutProvenance(file: Buffer): string | Buffer {
  const head = file.toString('latin1', 0, 4);
  if (head === '%PDF') return outOfPdf(file);
  if (head === '\x89PNG') return outOfPng(file);
  const text = file.toString('utf8');
  if (head === '<svg') return outOfSvg(text);
  return head.startsWith('% ') ? outOfLatex(text) : outOfCsv(text);
}

/** Whether a file is as it was exported; undefined where it does not say. */
export const isAsExported = (file: Buffer, { own }: Provenance): boolean | undefined =>
  own === undefined ? undefined : checksumOf(withoutProvenance(file)) === own;
