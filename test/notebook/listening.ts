/** A kernel as lib/notebook sees it: the global that tslab leaves, and the doors to Jupyter, listened at. */
import type { MimeBundle } from '../../lib/notebook/kernel/kernel';
import type { Board } from '../../lib/notebook/live/board';

const jupyter = require('tslab/dist/jupyter');
const widgets = require('../../lib/notebook/tslab/widgets');
const kernel = globalThis as { __tslab__?: object };

/** What the present test has shown. */
export const shown: { data: MimeBundle; update: boolean }[] = [];

/** A widget: what it shows, and who hears a front end. */
export type Opened = { readonly says: (said: object) => void; board: Board };

/** Widgets of the present test. */
export const opened: Opened[] = [];

/** Sees every change of a widget; set by a test. */
export const watching: { onBoard: (widget: Opened) => void } = { onBoard: () => undefined };

widgets.openWidget = (_: object, start: Board, says: Opened['says']) => {
  const widget: Opened = { says, board: start };
  opened.push(widget);
  const set = (changes: object) => {
    widget.board = { ...widget.board, ...changes };
    watching.onBoard(widget);
  };
  return { id: `widget-${opened.length}`, set };
};

/** As in a notebook, in a cell where nothing has been shown yet. */
export function enterNotebook(): void {
  shown.length = 0;
  opened.length = 0;
  watching.onBoard = () => undefined;
  kernel.__tslab__ = {};
  jupyter.lastWriteDisplayData = ({ data }: { data: MimeBundle }, update: boolean) =>
    shown.push({ data, update });
}

export function leaveNotebook(): void {
  delete kernel.__tslab__;
}
