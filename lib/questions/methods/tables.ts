/** Results of ways of tuning: a table for each trunk, and findings of papers beside those here. */

import { tasksOf, tested } from '../../evidence/aggregate';
import type { Claim } from '../../evidence/claims';
import { rowReader } from '../../evidence/instances';
import { meanOf } from '../../evidence/means';
import { type CompletedRun, runsOf } from '../../experiments/documents/completedRun';
import { isSame, type Method } from '../../experiments/methods/identity';
import { STATES, stateOf } from '../../report/answer/answer';
import { claimsTable } from '../../report/table/claims';
import { columnsOf, type Table } from '../../report/table/table';
import {
  type ByTrunk,
  type Families,
  FUSION,
  LEFT_OUT,
  methodsOn,
  type Trunk,
  trunkless,
  trunks,
  tunedBy,
  type Way,
  ways,
} from '../methods';
import { costsOn, thereOf } from './costs';

/** Meaning of the signs of verdicts. */
const signs = `${Object.values(STATES)
  .map(({ sign, means }) => `${sign} ${means}`)
  .join('; ')}.`;

/** The sign of a family's verdict on a method on a task; – where the family does not ask about it. */
const signOf = (claims: readonly Claim[], task: string, method: Method): string => {
  const own = claims.find((claim) => claim.task === task && isSame(claim.question.first, method));
  return own ? STATES[stateOf(own)].sign : '–';
};

/** Test results of each way on a trunk, beside what needs no trunk. */
function reachedOn(completed: CompletedRun, trunk: Trunk, claims: Families): Table {
  const rowsOf = rowReader(completed.out);
  const tasks = tasksOf(tested(completed.results));
  const there = thereOf(completed, [...trunkless, ...methodsOn(trunk)]).map(([method]) => method);
  const isFused = there.some(({ label }) => label === FUSION);
  const cellOf = (method: Method) => (task: string) => {
    const mark = ` ${signOf(claims.everything, task, method)}${signOf(claims.patch, task, method)}`;
    const isThere = runsOf(completed.results, task, method).length > 0;
    return [task, isThere ? { ...meanOf(completed, task, method, rowsOf), mark } : null] as const;
  };
  return {
    name: `methods-${trunk}`,
    caption: `Ways of tuning the ${trunk} trunk in the best setting. Test results with 95 % intervals over seeds and users; the best of each task is bold.`,
    columns: [
      ...columnsOf({ method: 'Tuned' }),
      ...tasks.map((task) => ({
        ...{ key: task, label: `${task} ${completed.tasks.find(({ name }) => name === task)?.metric}` },
        ...({ digits: 3, style: 'fraction', best: 'highest' } as const),
      })),
    ],
    rows: there.map((method) => ({
      method: method.label,
      ...Object.fromEntries(tasks.map(cellOf(method))),
    })),
    note: [
      `Signs: this way, the first, against everything, then against patches of k/8: ${signs} –: not asked.`,
      ...[...(LEFT_OUT[trunk] ?? [])].map(([way, why]) => `${way.label}: ${why}.`),
      isFused &&
        `${FUSION}: its patches of other tasks have learnt from users that are tested here, so nothing is claimed of it.`,
    ]
      .filter(Boolean)
      .join(' '),
  };
}

/** Every claim about a trunk; each question is a family of its own. */
const evidence = (trunk: Trunk, claims: Families): Table => ({
  ...claimsTable(`methods-${trunk}-claims`, Object.values(claims).flat()),
  note:
    'Intervals over users and trainings; Holm’s correction within each question: better than the classifier, as good as everything or ' +
    'patches of k/8, patches better than other forms, on profiles better than patches and a bag of items. Verdicts: lib/evidence/README.md.',
});

/** Results, costs and every claim of each way, trunk by trunk. */
export const tablesOf = (completed: CompletedRun, found: ByTrunk): Table[] =>
  trunks.flatMap((trunk) => [
    reachedOn(completed, trunk, found[trunk]),
    costsOn(completed, trunk),
    evidence(trunk, found[trunk]),
  ]);

/** Findings of the papers of ways beside tuning everything, by the ids of ways; on other data. */
const SAID: Readonly<Record<string, string>> = {
  'Patches-8': 'on a par or better',
  'LoRA-8': 'on a par or better',
  IA3: 'better, few examples',
  BitFit: 'on a par, small data',
  SideNetwork: 'better, large models',
  Prompt: 'worse, small models',
};

/** Findings of papers on ways beside everything, and those here. */
export function asPublished(completed: CompletedRun, claims: ByTrunk): Table {
  const tasks = tasksOf(tested(completed.results));
  const found = (way: Way) => (trunk: Trunk) => {
    const byTask = tasks.map((task) => signOf(claims[trunk].everything, task, tunedBy(way, trunk)));
    return [trunk, byTask.join('')] as const;
  };
  return {
    name: 'methods-published',
    caption: 'Ways of tuning beside tuning everything: what their papers found, and what is found here.',
    columns: columnsOf({
      ...{ method: 'Tuned', paper: 'Its paper' },
      ...Object.fromEntries(trunks.map((trunk) => [trunk, trunk])),
    }),
    rows: ways
      .filter(({ id }) => id in SAID)
      .map((way) => ({
        ...{ method: way.label, paper: SAID[way.id] },
        ...Object.fromEntries(trunks.map(found(way))),
      })),
    note: `A sign a task: ${tasks.join(', ')}. ${signs} Papers: BitFit ACL 2022, patches SIGIR 2020 (PeterRec), LoRA ICLR 2022, (IA)³ NeurIPS 2022, prompt EMNLP 2021, side network NeurIPS 2022 (LST).`,
  };
}
