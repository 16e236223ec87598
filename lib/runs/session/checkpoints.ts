/** When trainings leave how they stand, and what they go on from. */
import { isDeepStrictEqual } from 'node:util';
import { lastCheckpoint, leaveCheckpoint } from '../../documents/checkpoint';
import type { Result } from '../../documents/document';
import type { Key } from '../../documents/store';
import type { Tensor } from '../../files/tensors';
import type { Checkpoints, Standing } from '../../training/fit';

/** Milliseconds between two checkpoints, and the share of the time that leaving them may take. */
const INTERVAL = 1000 * Number(process.env.PETERREC_CHECKPOINT_SECONDS ?? 60);
const SHARE = 0.015;

/** What the names of a checkpoint's arrays begin with. */
const VARIABLES = 'variables/';
const OTHERS = 'others/';

/** Where a training takes place, and the checksum of the trunk that it starts from, if it starts from one. */
type Circumstances = Pick<Result, 'environment' | 'startedFrom'>;

/** What a checkpoint says of a standing besides its arrays, and where it was left. */
type Left = Omit<Standing, 'variables' | 'arrays'> & { readonly circumstances: Circumstances };

/**
 * The checkpoints of a training; one that was left in another environment, or on another trunk, would lead to other numbers and is
 * not gone on from.
 */
export function checkpointsOf(out: string, key: Key, circumstances: Circumstances): Checkpoints {
  let [last, cost] = [performance.now(), 0];
  return {
    last: () => {
      const { values, tensors = [] } = lastCheckpoint(out, key) ?? {};
      const left = values as Left | undefined;
      return isDeepStrictEqual(left?.circumstances, circumstances)
        ? standingOf(left as Left, tensors)
        : undefined;
    },
    isDue: () => performance.now() - last > Math.max(INTERVAL, cost / SHARE),
    leave: ({ variables, arrays = new Map(), ...values }) => {
      const start = performance.now();
      const others = [...arrays].map(([name, own]) => ({ name, shape: [own.length], values: () => own }));
      const tensors = [...named(VARIABLES, variables), ...named(OTHERS, others)];
      const { step, curve } = values.progress;
      leaveCheckpoint(out, key, `${step}-${curve.length}`, { values: { ...values, circumstances }, tensors });
      last = performance.now();
      cost = last - start;
    },
  };
}

function standingOf({ progress, steps, judged }: Left, tensors: readonly Tensor[]): Standing {
  const arrays = new Map(namedIn(OTHERS, tensors).map(({ name, values }) => [name, values()]));
  return { progress, steps, judged, arrays, variables: namedIn(VARIABLES, tensors) };
}

const named = (under: string, tensors: readonly Tensor[]): Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, name: `${under}${tensor.name}` }));

const namedIn = (under: string, tensors: readonly Tensor[]): Tensor[] =>
  tensors
    .filter(({ name }) => name.startsWith(under))
    .map((tensor) => ({ ...tensor, name: tensor.name.slice(under.length) }));
