/** Letters: N gathered rows, U rows of a table that a batch touches. */
import { type Graph, type Ref, typeAttr } from '../engine/graph/graph';
import type { Optimizer, RowGradient, RowOptimizer, UpdateRule, Variable } from '../engine/graph/signature';
import { useKernels } from '../engine/ops/kernels';
import { sizeOf } from '../engine/weights';

/** Defaults of TensorFlow 1's AdamOptimizer, which the authors used. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/** Numbers of a weight from which on TensorFlow's op is used where there are kernels too: it needs no room for new moments. */
const LARGE = 2 ** 22;

const T = typeAttr('float32');
const Tindices = typeAttr('int32');

/** Floating-point arithmetic in a graph. */
const calculator =
  (graph: Graph) =>
  (op: string, ...inputs: Ref[]): Ref =>
    graph.once(op, inputs, { T });

/** State of both forms of Adam: m and v of each weight, and the powers β₁ᵗ and β₂ᵗ of the step under way. */
const STATE: Pick<UpdateRule<never>, 'slots' | 'scalars' | 'advance'> = {
  slots: ['m', 'v'],
  scalars: { beta1Power: BETA1, beta2Power: BETA2 },
  advance(graph, powers, after) {
    const waits = after.map((node) => `^${node}`);
    return [BETA1, BETA2].map((beta, i) => {
      const next = calculator(graph)('Mul', powers[i].value, graph.scalar(beta));
      return graph.add('AssignVariableOp', [powers[i].handle, next, ...waits], { dtype: T });
    });
  },
};

/**
 * Dense Adam (Kingma & Ba 2015) in TensorFlow's form: the bias corrections go into the rate,
 * rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ), and epsilon is added to the uncorrected √v.
 */
export function adam(rate: number): Optimizer {
  return {
    ...STATE,
    name: 'adam',
    update(graph, { weight, slots, scalars, gradient, after }) {
      const handles = [weight, ...slots].map(({ handle }) => handle);
      if (useKernels() && sizeOf(weight.shape) < LARGE) {
        // TensorFlow's own op would wake other threads for the smallest weight.
        const [m, v] = slots.map(({ value }) => value);
        const next = adamStep(graph, gradient, { m, v }, correctedRate(graph, rate, scalars));
        const set = (i: number, to: Ref) => graph.add('AssignVariableOp', [handles[i], to], { dtype: T });
        const waits = [...after, set(1, next.m), set(2, next.v)].map((node) => `^${node}`);
        return graph.add('AssignSubVariableOp', [handles[0], next.change, ...waits], { dtype: T });
      }
      const powers = scalars.map(({ value }) => value);
      const constants = [BETA1, BETA2, EPSILON].map((x) => graph.scalar(x));
      const waits = after.map((node) => `^${node}`);
      const inputs = [...handles, ...powers, graph.scalar(rate), ...constants, gradient];
      return graph.add('ResourceApplyAdam', [...inputs, ...waits], { T });
    },
  };
}

/** The rows that a batch touches, each once, with the sum of its gradients: ids [U], g [U, …]. */
function summed(graph: Graph, { ids, rows }: RowGradient): { ids: Ref; g: Ref } {
  const unique = graph.add('Unique', [ids], { T: Tindices, out_idx: Tindices });
  const U = graph.add('Size', [`${unique}:0`], { T: Tindices, out_type: Tindices });
  const attrs = { T, Tindices, Tnumsegments: Tindices };
  const g = graph.add('UnsortedSegmentSum', [rows, `${unique}:1`, `${U}:0`], attrs);
  return { ids: `${unique}:0`, g: `${g}:0` };
}

/** rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ) */
function correctedRate(graph: Graph, rate: number, [beta1Power, beta2Power]: readonly Variable[]): Ref {
  const of = calculator(graph);
  const rest = (power: Variable) => of('Sub', graph.scalar(1), power.value);
  return of('Div', of('Mul', graph.scalar(rate), of('Sqrt', rest(beta2Power))), rest(beta1Power));
}

/** Of β in float32, as the powers are. */
const shareOf = (beta: number): number => 1 - Math.fround(beta);

type Moments = { readonly m: Ref; readonly v: Ref };

/** The moments of a weight, or of rows, after a step with gradient g, and what it loses: all of the shape of g. */
function adamStep(graph: Graph, g: Ref, { m, v }: Moments, rate: Ref): Moments & { readonly change: Ref } {
  if (useKernels()) {
    const [share1, share2] = [BETA1, BETA2].map((beta) => ({ f: shareOf(beta) }));
    const attrs = { share1, share2, epsilon: { f: EPSILON } };
    const node = graph.add('RowAdam', [g, m, v, rate], attrs);
    return { m: `${node}:0`, v: `${node}:1`, change: `${node}:2` };
  }
  const of = calculator(graph);
  const moved = (old: Ref, x: Ref, beta: number) =>
    of('AddV2', old, of('Mul', of('Sub', x, old), graph.scalar(shareOf(beta))));
  const next = { m: moved(m, g, BETA1), v: moved(v, of('Square', g), BETA2) };
  const root = of('AddV2', of('Sqrt', next.v), graph.scalar(EPSILON));
  return { ...next, change: of('Div', of('Mul', rate, next.m), root) };
}

/**
 * Row-wise Adam for item tables, in the same form as `adam`: a step changes the weight, m and v of just the rows
 * that its batch gathers, and takes time and memory for those rows only. Every other row keeps all three bit for bit,
 * while dense Adam goes on to decay their m and v and to move them. Where each step touches every row, both are one.
 * t counts the steps of the optimiser, not those of a row.
 */
export function rowAdam(rate: number): RowOptimizer {
  return {
    ...STATE,
    name: 'rowAdam',
    update(graph, { weight, slots, scalars, gradient, after }) {
      const { ids, g } = summed(graph, gradient);
      const rowsOf = ({ handle }: Variable): Ref =>
        `${graph.add('ResourceGather', [handle, ids], { dtype: T, Tindices })}:0`;
      const old = { m: rowsOf(slots[0]), v: rowsOf(slots[1]) };
      const next = adamStep(graph, g, old, correctedRate(graph, rate, scalars));
      const written = [next.m, next.v].map((rows, i) =>
        graph.add('ResourceScatterUpdate', [slots[i].handle, ids, rows], { dtype: T, Tindices }),
      );
      const waits = [...after, ...written].map((node) => `^${node}`);
      const inputs = [weight.handle, ids, next.change, ...waits];
      return graph.add('ResourceScatterSub', inputs, { dtype: T, Tindices });
    },
  };
}
