/** The only door to tslab, the notebook's kernel. */

/** MIME type to content; binary content in base64. */
export type MimeBundle = Readonly<Record<string, string | object>>;

/** Whether this code runs in a tslab kernel, which leaves this global for its cells. */
export function inNotebook(): boolean {
  return '__tslab__' in globalThis;
}

/** Scripts of the cells that ran, in their order; none outside a notebook. */
export function cellOutputs(): string[] {
  if (!inNotebook()) return [];
  const { cells }: typeof import('../tslab/errors') = require('../tslab/errors');
  return [...cells.values()].flatMap(({ output }) => output ?? []);
}

/** Variables of cells by their names, imports among them; cells see what is set here. None outside a notebook. */
export function cellVariables(): Record<string, unknown> {
  const { __tslab__: tslab } = globalThis as { __tslab__?: { exports?: Record<string, unknown> } };
  return tslab?.exports ?? {};
}

/** Shows an output below the current cell, in the richest representation that the front end can draw. */
export function displayBundle(data: MimeBundle): void {
  jupyter().lastWriteDisplayData({ data, metadata: {}, transient: {} }, false);
}

/** An output that later calls overwrite. */
export function rewritableDisplay(id: string): (data: MimeBundle) => void {
  let shown = false;
  return (data) => {
    jupyter().lastWriteDisplayData({ data, metadata: {}, transient: { display_id: id } }, shown);
    shown = true;
  };
}

/** Sends several representations of one output together; loaded on use: tslab takes half a second. */
const jupyter = (): { readonly lastWriteDisplayData: (message: object, update: boolean) => void } =>
  require('tslab/dist/jupyter');
