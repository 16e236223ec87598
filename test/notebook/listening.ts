/** A kernel as report sees it: the global that tslab leaves, and tslab's own door to Jupyter, listened at. */
import type { MimeBundle } from '../../lib/notebook/kernel/kernel';

const jupyter = require('tslab/dist/jupyter');
const kernel = globalThis as { __tslab__?: object };

/** What the present test has shown. */
export const shown: { data: MimeBundle; update: boolean }[] = [];

jupyter.lastWriteDisplayData = ({ data }: { data: MimeBundle }, update: boolean) =>
  shown.push({ data, update });

/** As in a notebook where nothing has been shown yet. */
export function enterNotebook(): void {
  shown.length = 0;
  kernel.__tslab__ = {};
}

export function leaveNotebook(): void {
  delete kernel.__tslab__;
}
