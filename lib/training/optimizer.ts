import { type Ref, typeAttr } from '../tensorflow/graph';
import type { Optimizer, Variable } from '../tensorflow/signature';

/** Defaults of TensorFlow 1's AdamOptimizer, which the authors used. */
const BETA1 = 0.9;
const BETA2 = 0.999;
const EPSILON = 1e-8;

/**
 * Dense Adam (Kingma & Ba 2015) in TensorFlow's form: the bias corrections go into the rate,
 * rate · √(1 − β₂ᵗ) / (1 − β₁ᵗ), and epsilon is added to the uncorrected √v.
 */
export function adam(rate: number): Optimizer {
  const T = typeAttr('float32');
  return {
    name: 'adam',
    slots: ['m', 'v'],
    scalars: { beta1Power: BETA1, beta2Power: BETA2 },
    update(graph, weight, [m, v], [beta1Power, beta2Power], gradient) {
      const constants = [rate, BETA1, BETA2, EPSILON].map((x) => graph.scalar(x));
      const handles = [weight, m, v].map(({ handle }) => handle);
      return graph.add(
        'ResourceApplyAdam',
        [...handles, beta1Power.value, beta2Power.value, ...constants, gradient],
        { T },
      );
    },
    advance(graph, scalars, after) {
      const next = ({ handle, value }: Variable, factor: number): string => {
        const product: Ref = `${graph.add('Mul', [value, graph.scalar(factor)], { T })}:0`;
        const waits = after.map((node) => `^${node}`);
        return graph.add('AssignVariableOp', [handle, product, ...waits], { dtype: T });
      };
      return [next(scalars[0], BETA1), next(scalars[1], BETA2)];
    },
  };
}
