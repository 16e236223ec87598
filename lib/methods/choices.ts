/** What a method that starts from a trunk is chosen from by name, where a file or a cell says it. */
import { z } from 'zod';
import { patchChoices } from '../patches/choices';
import type { OwnKind } from './own/own';

export const methodChoices = {
  trunk: z.enum(['causal', 'non-causal']),
  start: z.enum(['pre-trained', 'random']),
  representation: z.enum(['token', 'sum', 'mean', 'token and mean']),
  tcl: z.enum(['frozen', 'trained']),
  tuned: z.enum([
    'everything',
    'patches and classifier',
    'classifier',
    'last layer and classifier',
    'last two layers and classifier',
    'patches, second layer norms and classifier',
  ]),
  loss: z.enum(['paper', 'authors', 'cross-entropy', 'bpr over all']),
  setting: z.enum(['paper', 'best']),
};

/** The shipped choices in whose place a function of one's own may stand. */
const besideOwn: Partial<Readonly<Record<OwnKind, z.ZodType>>> = {
  loss: methodChoices.loss,
  selection: methodChoices.tuned,
  insertion: patchChoices.place,
};

/** Whether a shipped choice has the name already that a function of one's own is to have. */
export const isShipped = (kind: OwnKind, name: unknown): boolean =>
  besideOwn[kind]?.safeParse(name).success ?? false;
