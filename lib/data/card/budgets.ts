import { z } from 'zod';

/** Changes of a preset's budgets by a card or a cell; absent keys stay as the preset has them. */

const count = z.int().positive().optional();
const positive = z.number().positive().optional();

const length = {
  batch: count,
  passes: positive,
  fixed: positive,
  steps: count,
  evaluations: count,
  dropout: z.number().min(0).lt(1).optional(),
};

const rates = z.strictObject({ everything: positive, part: positive }).optional();
const tuning = z.strictObject({ ...length, rates }).optional();

export const budgetChanges = z.strictObject({
  channels: count,
  dilations: z.array(z.int().positive()).min(1).optional(),
  patience: count,
  pretraining: z
    .strictObject({
      ...length,
      fixed: z.never('expected none, since pre-training has no fixed number of passes').optional(),
      rate: positive,
      shuffled: z.number().min(0).max(1).optional(),
      patience: count,
    })
    .optional(),
  recommend: tuning,
  classify: tuning,
});

export type BudgetChanges = z.infer<typeof budgetChanges>;
