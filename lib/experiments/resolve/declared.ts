/** Checks declarations of experiments, which cells and files give. */
import { z } from 'zod';
import { inCode, UserError } from '../../base/userError';
import { patchChoices } from '../../model/patches/bottleneck';
import { isFusing, otherForms } from '../../model/patches/patches';
import { selections } from '../../model/selections/selections';
import { type Experiment, type FineTuning, methodChoices } from '../methods/experiment';
import type { Method } from '../methods/identity';
import { OWN, OWN_NAME, type OwnKind } from '../methods/own/own';
import { opponentModels } from '../opponents/opponents';

/** Shipped choices that an own function may replace. */
const besideOwn: Partial<Readonly<Record<OwnKind, z.ZodType>>> = {
  loss: methodChoices.loss,
  selection: methodChoices.tuned,
  insertion: patchChoices.place,
};

/** Whether a shipped choice has this name. */
export const isShipped = (kind: OwnKind, name: unknown): boolean =>
  besideOwn[kind]?.safeParse(name).success ?? false;

const share = z
  .number()
  .refine((value) => value > 0 && value <= 1, { error: 'expected a share above 0 and at most 1' });

/** May be part of a file name. */
const ID = /^[A-Za-z0-9][A-Za-z0-9._-]{0,149}$/;

const declared = {
  id: z.string().regex(ID, { error: 'expected an id of at most 150 of A-Z a-z 0-9 . _ -' }),
  label: z.string(),
  training: share.optional(),
};

const code = z.strictObject({
  source: z.string(),
  imports: z.array(
    z.strictObject({ as: z.string(), module: z.string(), name: z.string(), digest: z.string() }),
  ),
});

/** An own function. */
const own = (kind: OwnKind) =>
  z.strictObject({
    own: z.literal(kind),
    name: z
      .string()
      .regex(OWN_NAME, { error: 'expected a name of at most 40 letters, digits, spaces and . _ -' }),
    functions: z.strictObject(Object.fromEntries(OWN[kind].map((which) => [which, code]))),
  });

/** A shipped choice or an own function, which is an object. */
const orOwn = (kind: OwnKind, shipped: z.ZodType) =>
  z.unknown().superRefine((value, context) => {
    const isObject = typeof value === 'object' && value !== null;
    const { error } = (isObject ? own(kind) : shipped).safeParse(value);
    for (const { message } of error?.issues.slice(0, 1) ?? [])
      context.addIssue(`${message}, or own.${kind}(…)`);
    if (isShipped(kind, Object(value).name))
      context.addIssue('expected another name than that of a shipped choice');
  });

const bottlenecks = z.strictObject({
  form: z.literal('bottleneck').optional(),
  ...patchChoices,
  place: orOwn('insertion', patchChoices.place),
  patch: own('patch').optional(),
  squeeze: z.number().positive(),
});

const RANK = 'expected a whole number from 1 on, or { as } of the paper’s patches';
const rank = z.union([z.number().int().min(1), z.strictObject({ as: z.number().positive() })], {
  error: RANK,
});

/** Patches by their form. */
const patches = z.discriminatedUnion('form', [
  bottlenecks,
  ...otherForms.map(([form, { choices }]) =>
    z.strictObject({ form: z.literal(form), ...choices, ...('rank' in choices ? { rank } : {}) }),
  ),
]);

const fineTuning = z.strictObject({
  ...declared,
  kind: z.literal('fine-tuning'),
  ...methodChoices,
  pretraining: share.optional(),
  halves: z.number().positive().optional(),
  patches: patches.nullable(),
  itemRank: rank.optional(),
  pastRank: z
    .union([rank, z.strictObject({ classify: rank })], { error: `${RANK}, or { classify } with either` })
    .optional(),
  size: z.literal('declared').optional(),
  tuned: orOwn('selection', methodChoices.tuned),
  loss: orOwn('loss', methodChoices.loss),
  negatives: own('negatives').optional(),
});

/** Fused patches, which are of the paper's form. */
const fused = z.strictObject({
  experiment: fineTuning.extend({ patches: bottlenecks }),
  tasks: z.union([z.array(z.string()).min(2), z.literal('all')]),
});

const kind = z.enum(['recommend', 'classify']);

const experiment = z.discriminatedUnion('kind', [
  fineTuning.extend({ fused: fused.optional() }),
  z.strictObject({
    ...declared,
    kind: z.literal('most frequent'),
    trunk: z.literal('none'),
    of: kind,
  }),
  z.strictObject({
    ...declared,
    kind: z.literal('opponent'),
    trunk: z.enum(['none', 'causal']),
    model: z.enum(opponentModels),
    of: kind.optional(),
  }),
]);

/** Throws a UserError that names the experiment, the key and the value. */
export function requireDeclared(found: Method): asserts found is Experiment {
  const { success, error } = experiment.safeParse(found);
  if (!success) {
    const [{ path, message }] = error.issues;
    const at = path.join('.');
    if (at === '') throw new UserError(`${found.id}: ${message}`);
    const value = path.reduce<unknown>((part, key) => Object(part)[key], found);
    const what = at === 'id' ? 'experiment' : `${found.id}: ${at}`;
    throw new UserError(`${what} ${inCode(value)}: ${message}`);
  }
  const { kind, tuned, patches: own, itemRank, pastRank, fused: others } = found as FineTuning;
  if (kind !== 'fine-tuning') return;
  if (isFusing(own?.form ?? 'bottleneck') !== (others !== undefined))
    throw new UserError(`${found.id}: patches of the form fusion and \`fused\`: expected both or none`);
  const needsPatches = typeof tuned === 'string' && selections[tuned].patches === 'needed';
  if (needsPatches && own === null && !(itemRank || pastRank))
    throw new UserError(`${found.id}: tuned ${inCode(tuned)}: expected patches, found none`);
}
