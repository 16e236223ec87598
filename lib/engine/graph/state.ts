/** Variables of a program, and the nodes that set their values. */
import { sizeOf } from '../weights';
import { type Graph, type Ref, shapeAttr, textAttr, typeAttr } from './graph';
import type { Variable } from './signature';

export type State = Variable & {
  /** Fed with a new value; `assigned` takes it over. */
  readonly assign: Ref;
  readonly assigned: Ref;
  /** Of a large variable, which `cleared` fills with zeros and `assign` sets row by row, so that no second copy takes memory. */
  readonly rows?: { readonly cleared: Ref; readonly from: Ref; readonly to: Ref };
  /** Sets the value that a variable of an optimiser starts from; weights have none. */
  readonly started?: Ref;
};

const float = typeAttr('float32');

/** Values that TensorFlow reads or writes in one call, which doubles their memory. */
export const VALUES_AT_ONCE = 1 << 22;

/** An output that waits for the node. */
function after(graph: Graph, node: string, name: string): Ref {
  return `${graph.add('Identity', [graph.scalar(0), `^${node}`], { T: float }, name)}:0`;
}

/** Fed with 0 where variables are started: TensorFlow would keep what depends on constants alone in memory. */
export const ZERO = 'zero:0';

/** Adds a variable; one of an optimiser starts from a value. Setting a value frees the old one first. */
export function declare(graph: Graph, name: string, shape: readonly number[], start?: number): State {
  const attrs = { dtype: float, shape: shapeAttr(shape), shared_name: textAttr(name) };
  const handle = `${graph.add('VarHandleOp', [], attrs, name)}:0`;
  const value = `${graph.add('ReadVariableOp', [handle], { dtype: float }, `${name}/value`)}:0`;
  const gone = () => `^${graph.add('DestroyResourceOp', [handle], { ignore_lookup_error: { b: true } })}`;
  const set = (to: Ref) => graph.add('AssignVariableOp', [handle, to], { dtype: float });
  const filled = (start: number, as: string) => {
    if (!graph.nodes.has('zero')) graph.placeholder('zero', 'float32', []);
    const first = graph.once('AddV2', [ZERO, graph.scalar(start)], { T: float });
    const attributes = { T: float, index_type: typeAttr('int32') };
    return after(graph, set(`${graph.add('Fill', [graph.ints(shape), first, gone()], attributes)}:0`), as);
  };
  const variable = {
    handle,
    value,
    shape,
    ...(start !== undefined && { started: filled(start, `${name}/started`) }),
  };
  if (sizeOf(shape) > VALUES_AT_ONCE) {
    const [from, to] = ['from', 'to'].map((end) => graph.placeholder(`${name}/${end}`, 'int32', [1]));
    const assign = graph.placeholder(`${name}/assign`, 'float32', [-1, ...shape.slice(1)]);
    const types = { T: float, Index: typeAttr('int32') };
    const put = graph.add('ResourceStridedSliceAssign', [handle, from, to, graph.ints([1]), assign], types);
    const rows = { cleared: filled(0, `${name}/cleared`), from, to };
    readWithoutCopy(graph, variable);
    return { ...variable, assign, assigned: after(graph, put, `${name}/assigned`), rows };
  }
  const assign = graph.placeholder(`${name}/assign`, 'float32', shape);
  // The addon may lend a JavaScript array's own memory to the fed tensor; a variable must not live in it.
  const copy = `${graph.add('DeepCopy', [assign, gone()], { T: float })}:0`;
  return { ...variable, assign, assigned: after(graph, set(copy), `${name}/assigned`) };
}

/** Makes reads share the variable's memory: TensorFlow would copy it whole at each read after rows were scattered into it. */
export function readWithoutCopy(graph: Graph, { handle, value }: Variable): void {
  const { input } = graph.node(value);
  if (input.length === 1) input.push(`^${graph.add('DisableCopyOnRead', [handle], {})}`);
}
