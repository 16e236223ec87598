/** Letters: N gathered rows of a table [V, …]. */
import { type Graph, type Ref, typeAttr } from './graph';

/** The gradient of a table as rows: row n of `rows` [N, …] belongs to row ids[n] of the table; ids [N] may repeat. */
export type RowGradient = { readonly ids: Ref; readonly rows: Ref };

const SUMS = ['Add', 'AddV2', 'AddN', 'Identity'];

/** The gathers whose sum a dense gradient [V, …] is; undefined for any other gradient. */
function gathersOf(graph: Graph, gradient: Ref): RowGradient[] | undefined {
  const { op, input } = graph.node(gradient);
  if (op === 'UnsortedSegmentSum') return [{ rows: input[0], ids: input[1] }];
  if (!SUMS.includes(op)) return undefined;
  const inside = input.map((ref) => gathersOf(graph, ref));
  return inside.every((found) => found !== undefined) ? (inside as RowGradient[][]).flat() : undefined;
}

/** The rows behind the dense gradient of a table of this shape; undefined if the table is used outside gathers. */
export function rowGradient(
  graph: Graph,
  gradient: Ref,
  [, ...row]: readonly number[],
): RowGradient | undefined {
  const found = gathersOf(graph, gradient);
  if (!found) return undefined;
  const Tshape = typeAttr('int32');
  const flat = (ref: Ref, dtype: 'float32' | 'int32', shape: readonly number[]): Ref =>
    `${graph.add('Reshape', [ref, graph.ints(shape)], { T: typeAttr(dtype), Tshape })}:0`;
  const joined = (refs: Ref[], dtype: 'float32' | 'int32'): Ref => {
    if (refs.length === 1) return refs[0];
    const attrs = { N: { i: refs.length }, T: typeAttr(dtype), Tidx: Tshape };
    return `${graph.add('ConcatV2', [...refs, graph.int(0)], attrs)}:0`;
  };
  return {
    ids: joined(
      found.map(({ ids }) => flat(ids, 'int32', [-1])), // [N]
      'int32',
    ),
    rows: joined(
      found.map(({ rows }) => flat(rows, 'float32', [-1, ...row])), // [N, …]
      'float32',
    ),
  };
}
