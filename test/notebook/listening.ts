/** A kernel as lib/notebook sees it: the global that tslab leaves, and the door to Jupyter, listened at. */
import type { MimeBundle } from '../../lib/notebook/kernel/kernel';

const jupyter = require('tslab/dist/jupyter');
const kernel = globalThis as { __tslab__?: object };

/** Outputs of the present test. */
export const shown: { data: MimeBundle; update: boolean }[] = [];

/** As in a notebook, in a cell where nothing has been shown yet. */
export function enterNotebook(): void {
  shown.length = 0;
  kernel.__tslab__ = {};
  jupyter.lastWriteDisplayData = ({ data }: { data: MimeBundle }, update: boolean) =>
    shown.push({ data, update });
}

export function leaveNotebook(): void {
  delete kernel.__tslab__;
}
