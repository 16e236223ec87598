/** What patches are chosen from, where a file or a cell says it. */
import { z } from 'zod';

export const patchChoices = {
  place: z.enum([
    'serial',
    'serial after norm',
    'parallel',
    'parallel after norm',
    'parallel after activation',
  ]),
  perBlock: z.literal([1, 2]),
  shortcut: z.enum(['with', 'without']),
  activation: z.enum(['relu', 'gelu']),
  start: z.enum(['normal', 'zero']),
};
