/** Trains all of RQ1 and PeterRec on each other trunk on the smallest made-up data; writes a line a step, then the numbers as JSON. */
import { causal } from '../../lib/experiments/methods/family';
import { vary } from '../../lib/experiments/methods/vary';
import { run } from '../../lib/experiments/runs/run';
import { trunkNames } from '../../lib/model/trunks/names';
import * as rq1 from '../../lib/questions/rq1';
import { allNumbers, everywhere, options } from '../experiments/runs/tinyRun';

const [, , out] = process.argv;

const others = everywhere(...trunkNames.slice(2).map((trunk) => vary(causal.PeterRec, { trunk })));
const onProgress = ({ label }: { readonly label: string }) => console.log(label);

void run({ ...options, out, onProgress }, [...others, ...rq1.runs]).then((completed) => {
  const numbers = allNumbers(completed).map(({ metrics, stoppedAt, curve }) => ({
    metrics,
    stoppedAt,
    curve,
  }));
  console.log(JSON.stringify(numbers));
});
