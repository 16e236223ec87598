import { z } from 'zod';

/** Changes of a preset's budgets by a card or a cell; absent keys stay as the preset has them. */

const count = z.int().positive();
const share = z.number().min(0).lt(1);

const length = {
  batch: count.optional(),
  passes: z.number().positive().optional(),
  fixed: z.number().positive().optional(),
  steps: count.optional(),
  evaluations: count.optional(),
  dropout: share.optional(),
};

const rates = z.strictObject({
  everything: z.number().positive().optional(),
  part: z.number().positive().optional(),
});
const tuning = z.strictObject({ ...length, rates: rates.optional() }).optional();

export const budgetChanges = z.strictObject({
  channels: count.optional(),
  dilations: z.array(count).min(1).optional(),
  patience: count.optional(),
  pretraining: z
    .strictObject({
      ...length,
      fixed: z.never('expected none, since pre-training has no fixed number of passes').optional(),
      rate: z.number().positive().optional(),
      shuffled: z.number().min(0).max(1).optional(),
    })
    .optional(),
  recommend: tuning,
  classify: tuning,
});

export type BudgetChanges = z.infer<typeof budgetChanges>;
