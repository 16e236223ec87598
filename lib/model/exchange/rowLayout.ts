/** How another program fills the rows of ids of an exported graph. */
import { padLeft } from '../../data/tasks/sequences';
import type { LoadedTrunk } from '../files/trunkFile';
import { PADDING, type Padding, type TrunkShape, tclId } from '../trunk';
import { type Representation, tokens, userIds } from '../userModel';

const ITEMS = 'the latest items, oldest first';

/** Where padding and [TCL] stand. */
function orderOf({ direction, padding }: TrunkShape, tokenCount: number): string {
  if (tokenCount === 0) return `padding, ${ITEMS}`;
  if (direction === 'causal') return `padding, ${ITEMS}, [TCL]`;
  return padding === 'embedded' ? `[TCL], padding, ${ITEMS}, [TCL]` : `padding, [TCL], ${ITEMS}, [TCL]`;
}

const EFFECT: Readonly<Record<Padding, string>> = {
  masked: 'padding changes no number',
  embedded: 'padding changes numbers: in training rows were filled up with it',
};

/**
 * Of rows of `length` ids of a trunk, or of a user model with this representation, as it is written beside a graph; what is
 * undefined, as an imported trunk has no vocabulary, is left out there.
 */
export function rowLayout({ shape, source }: LoadedTrunk, length: number, representation?: Representation) {
  const tokenCount = representation ? tokens(shape, representation) : 0;
  const room = length - tokenCount;
  const row = Int32Array.from({ length: Math.min(3, room, shape.items) }, (_, i) => i + 1);
  const ids = representation ? userIds([row], shape, room, representation) : padLeft(row, room);
  return {
    padding: PADDING,
    /** The id of the first item of the vocabulary; those of the others follow in order. */
    firstItem: source && 1,
    tcl: source && tclId(shape),
    direction: shape.direction,
    paddedPositions: shape.padding,
    length,
    /** Ids that the longest row had in training. */
    trainedLength: source && source.length + tokenCount,
    representation,
    layout: `${orderOf(shape, tokenCount)}; ${EFFECT[shape.padding]}`,
    /** A row of the first items, or of ids where there is no vocabulary. */
    example: { items: source ? source.items.slice(0, row.length) : [...row], ids: [...ids] },
  };
}
