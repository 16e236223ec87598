/** Buttons below a cell that free what the notebook holds, where the front end draws widgets. */
import fs from 'node:fs';
import path from 'node:path';
import { displayBundle, openWidget, viewOf } from '../kernel/kernel';

const MODULE = path.join(__dirname, 'front', 'free.mjs');

/** What a button frees: a variable, or, without a name, the programs that no variable holds. */
export type Offer = { readonly name?: string; readonly label: string };

/**
 * Shows a button for each offer. `free` frees a variable, or programs where it is given no name, and returns what came of it, which
 * is said below, as is the message of what it throws; then there are others, `offersNow`.
 */
export function offerFreeing(
  offers: readonly Offer[],
  offersNow: () => readonly Offer[],
  free: (name?: string) => string,
): void {
  const module = { _esm: fs.readFileSync(MODULE, 'utf8'), _anywidget_id: 'freeing' };
  const widget = openWidget(module, { offers, said: '' }, ({ do: what, name }) => {
    if (what !== 'free') return;
    const said = tried(() => free(typeof name === 'string' ? name : undefined));
    widget.set({ offers: offersNow(), said });
  });
  displayBundle({ ...viewOf(widget), 'text/plain': WITHOUT_WIDGETS });
}

/** What stands in the place of buttons. */
const WITHOUT_WIDGETS = "free('name') empties a variable.";

function tried(work: () => string): string {
  try {
    return work();
  } catch (error) {
    return (error as Error).message;
  }
}
