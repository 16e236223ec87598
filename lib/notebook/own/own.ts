/** Functions of a researcher's own in the place of shipped choices, and what such functions are mostly written with. */
import type { Tensor } from '@tensorflow/tfjs-node-gpu';
import type { Random } from '../../base/random';
import { inCode, UserError } from '../../base/userError';
import type { Weight } from '../../engine/weights';
import { type Code, OWN, OWN_NAME, type Own, type OwnKind } from '../../experiments/methods/own/own';
import type { OwnFunctions } from '../../experiments/recipes/ownFunctions';
import { isShipped } from '../../experiments/resolve/declared';

export { below, uniform } from '../../base/random';
export { tf } from '../../engine/native';
export { pointwise } from '../../engine/ops/convolution';
export { normal, ones, zeros } from '../../engine/weights';
export { scoreOf, scores } from '../../model/heads';

/** An own choice as data. Throws a UserError for an invalid or shipped name, and for what `codeOf` refuses. */
function taken<K extends OwnKind>(
  kind: K,
  name: string,
  functions: Readonly<Record<string, unknown>>,
): Own<K> {
  if (typeof name !== 'string' || !OWN_NAME.test(name))
    throw new UserError(
      `own.${kind}: expected a name of at most 40 letters, digits, spaces and . _ -, the first a letter or a digit, found ${inCode(name)}`,
    );
  if (isShipped(kind, name))
    throw new UserError(`own.${kind}: expected a name that no shipped choice has, found ${inCode(name)}`);
  const { codeOf }: typeof import('./code') = require('./code'); // loads a compiler
  const codes = OWN[kind].map((which): [string, Code] => {
    const called = which === kind ? `${kind} ${name}` : `${kind} ${name}, ${which}`;
    return [which, codeOf(Object(functions)[which], called)];
  });
  return { own: kind, name, functions: Object.fromEntries(codes) } as Own<K>;
}

/** Named weights of a patch, and the tensors that they are in a graph. */
type Weights = Readonly<Record<string, Weight>>;
type TensorsOf<W> = { readonly [K in keyof W]: Tensor };

/** Each takes the name that tables show, and a function by the types of `OwnFunctions` in recipes/ownFunctions. */
export const own = {
  /** `loss`: users' vectors h [B, k], the classifier, and labels, negatives and weights [B] -> scalar. */
  loss: (name: string, loss: OwnFunctions['loss']['loss']): Own<'loss'> => taken('loss', name, { loss }),
  /** `tuned`: the parts of a user model that are tuned, `(model, layers) => [model.patches, model.head]`; layers of the trunk, the first one first. */
  selection: (name: string, selection: OwnFunctions['selection']['selection']): Own<'selection'> =>
    taken('selection', name, { selection }),
  /** `negatives`: another label than the given one, in [0, |Y|); `popular` draws from the training part. */
  negatives: (name: string, negatives: OwnFunctions['negatives']['negatives']): Own<'negatives'> =>
    taken('negatives', name, { negatives }),
  /** `patches.place`: a site of the trunk with its patch P, [B, T, k]: `({ psi, finish, P }) => finish(P(psi))` is Fig. 3c. */
  insertion: (name: string, insertion: OwnFunctions['insertion']['insertion']): Own<'insertion'> =>
    taken('insertion', name, { insertion }),
  /** `patches.patch`: in place of Eq. 9, fresh weights for k channels and bottleneck d, and what they make of E [B, T, k]. */
  patch: <W extends Weights>(
    name: string,
    form: {
      readonly fresh: (k: number, d: number, stream: Random) => W;
      readonly apply: (E: Tensor, weights: TensorsOf<W>) => Tensor;
    },
  ): Own<'patch'> => taken('patch', name, form),
};
