/** Provenance inside of each format, where no reader of the format trips over it. */
import crc32 from 'crc-32';
import { checksumOf } from '../../files/sealed';
import { hint, marked, type Provenance } from './provenance';

/** A `metadata` element, first in the picture. */
export const inSvg = (svg: string, provenance: Provenance): string =>
  svg.replace('>', () => `><metadata>${hint(provenance)} ${marked(provenance)}</metadata>`);

const SEAL = / peterrec-drawn:([A-Za-z0-9+/]+=*)(?=<\/metadata>)/;

/** An exported picture with what it was drawn of, and a checksum of itself. */
export function withSeal(svg: string, drawn: object): string {
  const word = Buffer.from(JSON.stringify({ ...drawn, own: checksumOf(svg) })).toString('base64');
  return svg.replace('</metadata>', ` peterrec-drawn:${word}</metadata>`);
}

/** What a picture says that it was drawn of; nothing where it says nothing, or is not whole. */
export function sealIn(svg: string): unknown {
  const [seal, word] = SEAL.exec(svg) ?? [];
  if (seal === undefined) return undefined;
  try {
    const { own, ...drawn } = JSON.parse(Buffer.from(word, 'base64').toString());
    return own === checksumOf(svg.replace(seal, '')) ? drawn : undefined;
  } catch {
    return undefined;
  }
}

/** An exported picture without all of that. */
export const outOfSvg = (svg: string): string => svg.replace(/<metadata>[^<]*<\/metadata>/, '');

/** A comment at the end: rows are read by their place from the top. */
export const inCsv = (csv: string, provenance: Provenance): string =>
  `${csv}# ${hint(provenance)} ${marked(provenance)}\n`;

export const inLatex = (tex: string, provenance: Provenance): string =>
  `% ${hint(provenance)}\n% ${marked(provenance)}\n${tex}`;

const SIGNATURE_AND_HEADER = 8 + 25;

/** A chunk of text behind the header, as the PNG specification (11.3.4.3) prescribes. */
export function inPng(png: Buffer, provenance: Provenance): Buffer {
  const typed = Buffer.from(`tEXtSource\0${hint(provenance)} ${marked(provenance)}`, 'latin1');
  const chunk = Buffer.alloc(typed.length + 8);
  chunk.writeUInt32BE(typed.length - 4, 0);
  typed.copy(chunk, 4);
  chunk.writeInt32BE(crc32.buf(typed), typed.length + 4);
  return Buffer.concat([png.subarray(0, SIGNATURE_AND_HEADER), chunk, png.subarray(SIGNATURE_AND_HEADER)]);
}

/**
 * An entry of the document information, by an incremental update (ISO 32000-1, 7.5.6): what was there stays, byte for byte, and
 * the information follows anew with its own table of places. Throws where the file has no classic table and information.
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
  const object = `${information} 0 obj\n<<${entries}/Source (${hint(provenance)} ${marked(provenance)})>>\nendobj\n`;
  const place = String(pdf.length + 1).padStart(10, '0');
  const table = `xref\n${information} 1\n${place} 00000 n \n`;
  const trailer = `trailer\n<</Size ${size}/Root ${root}/Info ${information} 0 R/Prev ${previous}>>\n`;
  const start = pdf.length + 1 + object.length;
  return Buffer.concat([
    pdf,
    Buffer.from(`\n${object}${table}${trailer}startxref\n${start}\n%%EOF\n`, 'latin1'),
  ]);
}
