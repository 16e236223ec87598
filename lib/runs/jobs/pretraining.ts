/** What a trunk is and measures, seed by seed: all that decides it and the numbers of its documents, and nothing else. */
import type { InstanceRow } from '../../documents/store';
import type { Metrics } from '../../metrics/metrics';
import { reciprocalRank } from '../../metrics/ranking';
import type { TrunkWeights } from '../../model/trunk';
import { compilePretraining, type Pretrained, pretrain } from '../../recipes/pretrain';
import type { PretrainingSetting } from '../../recipes/settings';
import type { Weight } from '../../tensorflow/weights';
import type { Watch } from '../../training/fit';
import type { Measured } from '../session/session';
import { accountOfPretraining } from './account';

/** The trunk of one seed, what it measures, and a row for each held-out user. */
type Found = Measured & { readonly rows: readonly InstanceRow[]; readonly trunk: TrunkWeights<Weight> };

export function pretraining(setting: PretrainingSetting) {
  const program = compilePretraining(setting);
  const seed = async (seed: number, watch: Watch): Promise<Found> =>
    found(setting, await pretrain(program, setting, seed, watch));
  return { seed, dispose: () => program.dispose() };
}

function found({ source }: PretrainingSetting, { weights, curve, lastItems }: Pretrained): Found {
  const popularity = lastItems.map(({ popularityRank }) => popularityRank);
  const last = curve[curve.length - 1];
  const valid: Metrics = { ...last.valid, 'MRR@5/popularity': reciprocalRank(popularity, 5) };
  return {
    rows: lastItems.map(({ user, rank, popularityRank }) => ({
      row: user,
      user_id: source.users[user],
      rank,
      popularity_rank: popularityRank,
    })),
    metrics: { test: {}, valid },
    parameters: accountOfPretraining(weights),
    curve,
    stoppedAt: last.step,
    seconds: last.seconds,
    trunk: weights.trunk,
  };
}
