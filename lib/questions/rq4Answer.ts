/** What the ablation says, in words. */
import type { Claim } from '../evidence/claims';
import type { TrunkComparison } from '../evidence/trunkComparison';
import { answerOf, signed } from '../report/answer';
import { type Overfitting, overfittingAnswer } from '../report/overfitting';
import type { TaskAccount } from '../runs/taskAccounts';
import type { Workbench } from '../runs/workbench';
import { storageLines } from './parametersAnswer';

const RQ4 = {
  question: 'Does ablation find what it finds in the paper?',
  paper:
    'The paper finds the non-causal trunk to transfer better, whichever pre-trains better; parallel patches to belong before ' +
    'layer normalisation, while serial ones may stand before or after, one or two; and PeterRec to beat FineAll on little data.',
};

/** What the claims rest on beside the test users. */
export type Findings = {
  readonly trunks: readonly TrunkComparison[];
  readonly curves: readonly Overfitting[];
  readonly accounts: readonly TaskAccount[];
};

export function rq4Answer(
  bench: Pick<Workbench, 'data' | 'seeds' | 'preset'>,
  claims: readonly Claim[],
  { trunks, curves, accounts }: Findings,
): string {
  return [
    answerOf(RQ4, bench, claims),
    ...section('Which trunk pre-trains better:', trunks.map(trunkLine).join('\n')),
    ...section('With little data:', overfittingAnswer(curves)),
    ...section('What a further task costs:', storageLines(accounts).join('\n')),
  ].join('\n\n');
}

const section = (title: string, lines: string) => (lines === '' ? [] : [title, lines]);

function trunkLine({ source, difference, low, high, users }: TrunkComparison): string {
  const better = low > 0 ? 'the non-causal one' : high < 0 ? 'the causal one' : 'undecided';
  return (
    `- On the source of ${source}: ${better}; non-causal minus causal ${signed(difference)} MRR@5 ` +
    `(95 % interval ${signed(low)} to ${signed(high)}, ${users.toLocaleString('en')} held-out users).`
  );
}
