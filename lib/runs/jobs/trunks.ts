/** Which trunks are pre-trained, and what decides them. */
import type { Preset } from '../../methods/presets';
import { declaredPrecision, type PretrainingSetting, pretrainingOf } from '../../recipes/settings';
import { codeOf } from '../session/codes';
import { sourceFingerprint } from '../session/fingerprint';
import { keyOf, type Session, type Subject } from '../session/session';
import type { Pair } from './pairs';

/** How the trunk of an experiment is pre-trained, if it starts from one. */
export function trunkOf(preset: Preset, { task, experiment }: Pair): PretrainingSetting | undefined {
  return experiment.kind === 'fine-tuning' && experiment.start === 'pre-trained'
    ? pretrainingOf(task.source, preset, experiment.trunk, experiment.pretraining)
    : undefined;
}

/** One trunk serves all experiments on its source, in its direction and with its share of the steps. */
export const isSameTrunk = (a: PretrainingSetting, b: PretrainingSetting | undefined): boolean =>
  a.source === b?.source && a.shape.direction === b.shape.direction && a.share === b.share;

/** The trunks that have to be pre-trained, source by source. */
export function trunksOf(preset: Preset, pairs: readonly Pair[]): PretrainingSetting[] {
  const found: PretrainingSetting[] = [];
  for (const pair of pairs) {
    const trunk = trunkOf(preset, pair);
    if (trunk && !found.some((other) => isSameTrunk(other, trunk))) found.push(trunk);
  }
  const sources = [...new Set(found.map(({ source }) => source))];
  return sources.flatMap((source) => found.filter((trunk) => trunk.source === source));
}

/** What documents of pre-training are known by. */
const ID = 'pretrain';

/** Whether a document is one of pre-training. */
export const isTrunk = ({ experiment }: { readonly experiment: string }): boolean => experiment === ID;

/** What documents of pre-training are about. */
export const subjectOfTrunk = ({ source, shape, share }: PretrainingSetting): Subject => ({
  task: source.name,
  metric: 'MRR@5',
  method: { id: ID, label: 'pre-training', trunk: shape.direction, pretraining: share },
});

/** All that decides a trunk but its seed. */
export const declarationOfTrunk = (
  { codes }: Pick<Session, 'codes'>,
  { source, shape, budget, steps, masking, candidates, precision }: PretrainingSetting,
) => ({
  trunk: shape,
  pretraining: { ...budget, steps },
  ...(shape.direction === 'non-causal' ? { masking } : {}),
  candidates: candidates ?? 'all',
  ...declaredPrecision({ precision }),
  source: sourceFingerprint(source),
  code: codeOf('trunk', codes),
});

/** The name of the document of a trunk and seed, and of its weights. */
export const keyOfTrunk = (session: Pick<Session, 'codes'>, trunk: PretrainingSetting, seed: number) =>
  keyOf(subjectOfTrunk(trunk), declarationOfTrunk(session, trunk), seed);
