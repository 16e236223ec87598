/** Updates of the weights and of the optimisers' state after the gradients of a training step. */
import { type Graph, type NodeDef, type Ref, typeAttr } from './graph';
import type { Optimizer, RowGradient, RowOptimizer, UpdateRule } from './signature';
import { declare, readWithoutCopy, type State } from './state';

/** A weight that a step changes; its gradient is of its shape, [V, …] for a table. */
export type Tuned = {
  readonly path: string;
  readonly weight: State;
  readonly gradient: Ref;
  /** Whether only the rows that the batch gathers are updated. */
  readonly byRows: boolean;
};

const SUMS = ['Add', 'AddV2', 'AddN', 'Identity'];

/** The gathers whose sum a dense gradient [V, …] is; undefined for any other gradient. */
function gathersOf(graph: Graph, gradient: Ref): RowGradient[] | undefined {
  const { op, input } = graph.node(gradient);
  if (op === 'UnsortedSegmentSum') return [{ rows: input[0], ids: input[1] }];
  if (!SUMS.includes(op)) return undefined;
  const inside = input.map((ref) => gathersOf(graph, ref));
  return inside.every((found) => found !== undefined) ? (inside as RowGradient[][]).flat() : undefined;
}

/** The gradient of a table [V, …] as rows. */
function rowsOf(graph: Graph, signature: string, { path, weight, gradient }: Tuned): RowGradient {
  const found = gathersOf(graph, gradient);
  if (!found)
    throw new Error(
      `${signature}: the gradient of ${path} is dense, because the loss uses it outside gatherRows; tune it by adam`,
    );
  const Tshape = typeAttr('int32');
  const joined = (refs: Ref[], dtype: 'float32' | 'int32', shape: readonly number[]): Ref => {
    const T = typeAttr(dtype);
    const flat = refs.map((ref) => `${graph.add('Reshape', [ref, graph.ints(shape)], { T, Tshape })}:0`);
    if (flat.length === 1) return flat[0];
    const attrs = { N: { i: flat.length }, T, Tidx: Tshape };
    return `${graph.add('ConcatV2', [...flat, graph.ints([0], [])], attrs)}:0`;
  };
  const ids = found.map((one) => one.ids);
  const rows = found.map((one) => one.rows);
  return { ids: joined(ids, 'int32', [-1]), rows: joined(rows, 'float32', [-1, ...weight.shape.slice(1)]) };
}

/** Adds updates to the graph of one program, whose signatures share the state of an optimiser. */
export class Updates {
  constructor(
    private readonly graph: Graph,
    private readonly states: Map<string, State>,
  ) {}

  /** Adds the updates of one step; returns a control input for each of the last nodes. */
  add(
    signature: string,
    loss: Ref,
    tuned: readonly Tuned[],
    optimizer: Optimizer,
    byRows?: RowOptimizer,
  ): Ref[] {
    const { graph } = this;
    const nodes = graph.reachable([loss, ...tuned.map(({ gradient }) => gradient)]);
    const tables = byRows ? tuned.filter((weight) => weight.byRows) : [];
    for (const { weight } of tables) readWithoutCopy(graph, weight);
    const dense = tuned.filter((weight) => !tables.includes(weight));
    const done = this.by(optimizer, dense, nodes, ({ gradient }) => gradient);
    if (byRows) done.push(...this.by(byRows, tables, nodes, (table) => rowsOf(graph, signature, table)));
    return done.map((node) => `^${node}`);
  }

  /** Adds the updates by one rule, each after the weight was read, and then that of the rule's scalars. */
  private by<Gradient>(
    rule: UpdateRule<Gradient>,
    tuned: readonly Tuned[],
    nodes: readonly NodeDef[],
    gradientOf: (weight: Tuned) => Gradient,
  ): string[] {
    if (tuned.length === 0) return [];
    const scalars = Object.entries(rule.scalars).map(([scalar, start]) =>
      this.own(`${rule.name}/${scalar}`, [], start),
    );
    const updates = tuned.map((one) => {
      const { weight, path } = one;
      const slots = rule.slots.map((slot) => this.own(`${rule.name}/${slot}/${path}`, weight.shape, 0));
      const after = nodes.filter(({ input }) => input.includes(weight.handle)).map(({ name }) => name);
      return rule.update(this.graph, { weight, slots, scalars, gradient: gradientOf(one), after });
    });
    return [...updates, ...rule.advance(this.graph, scalars, updates)];
  }

  /** A variable of an optimiser, the same one in all signatures. */
  private own(name: string, shape: readonly number[], start: number): State {
    const state = this.states.get(name) ?? declare(this.graph, name, shape, start);
    this.states.set(name, state);
    return state;
  }
}
