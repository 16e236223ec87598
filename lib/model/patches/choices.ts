/** Forms of patches and what is chosen of them, where a file or a cell says it. */
import { z } from 'zod';

/** Of the paper's patch. */
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

const lowRank = { rank: z.number().int().min(1), alpha: z.number().positive() };

/** Vectors of a prompt at most: trunks with embeddings of positions have as many more. */
export const MOST_PROMPT = 16;

/** The other forms: what each is, and its choices. */
export const patchForms = {
  LoRA: { about: 'a low-rank difference of each kernel', choices: lowRank },
  DoRA: { about: 'the same, with the magnitude of each channel learnt apart', choices: lowRank },
  prompt: {
    about: 'learnt vectors before the items, within what the last state reads',
    choices: { length: z.number().int().min(1).max(MOST_PROMPT) },
  },
  'side network': {
    about: 'a small network beside the trunk, fed by the states of its blocks',
    choices: { ratio: z.number().positive() },
  },
  fusion: { about: 'attention over the patches of several tasks', choices: {} },
  '(IA)³': { about: 'a gain of each channel', choices: {} },
};
