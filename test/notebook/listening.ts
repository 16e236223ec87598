/** A kernel as lib/notebook sees it: the global that tslab leaves, and the doors to Jupyter, listened at. */
import type { MimeBundle } from '../../lib/notebook/kernel/kernel';
import type { WidgetState } from '../../lib/notebook/live/view';

const jupyter = require('tslab/dist/jupyter');
const widgets = require('../../lib/notebook/tslab/widgets');
const kernel = globalThis as { __tslab__?: object };

/** Outputs of the present test. */
export const shown: { data: MimeBundle; update: boolean }[] = [];

/** A widget: its state, and who takes messages of a front end. */
export type Opened = { readonly says: (message: object) => void; state: WidgetState };

/** Widgets of the present test. */
export const opened: Opened[] = [];

/** Called after every change of a widget; set by a test. */
export const watching: { onChange: (widget: Opened) => void } = { onChange: () => undefined };

widgets.openWidget = (_: object, state: WidgetState, says: Opened['says']) => {
  const widget: Opened = { says, state };
  opened.push(widget);
  const set = (changes: object) => {
    widget.state = { ...widget.state, ...changes };
    watching.onChange(widget);
  };
  return { id: `widget-${opened.length}`, set };
};

/** As in a notebook, in a cell where nothing has been shown yet. */
export function enterNotebook(): void {
  shown.length = 0;
  opened.length = 0;
  watching.onChange = () => undefined;
  kernel.__tslab__ = {};
  jupyter.lastWriteDisplayData = ({ data }: { data: MimeBundle }, update: boolean) =>
    shown.push({ data, update });
}

export function leaveNotebook(): void {
  delete kernel.__tslab__;
}
