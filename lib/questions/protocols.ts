/** Protocols: what do the answers of RQ1 to RQ3 owe to how methods are evaluated? */
import { mean } from 'simple-statistics';
import type { Timeline } from '../data/card/card';
import { hindsightOf } from '../data/describe/describe';
import { timelineIn } from '../data/open';
import { pretrainedOn } from '../data/tasks/source';
import { splitInstances, trainingUsers } from '../data/tasks/split';
import type { Task } from '../data/tasks/tasks';
import type { Claim, Verdict } from '../evidence/claims';
import { type Change, changesOf } from '../evidence/protocols';
import type { Question } from '../evidence/questions';
import type { Planned } from '../experiments/methods/experiment';
import { isSame, type Method } from '../experiments/methods/identity';
import { isTrial } from '../experiments/methods/presets';
import { opponents } from '../experiments/opponents/opponents';
import type { Workbench } from '../experiments/workbench/workbench';
import { type Asking, fewSeeds, pairOf, signed } from '../report/answer/answer';
import { columnsOf, type Table } from '../report/table/table';
import * as rq1 from './rq1';
import * as rq2 from './rq2';
import * as rq3 from './rq3';

/** The timeline of a data set's card, else the time before which four fifths of the interactions lie. */
export const timelineOn = (data: string): Timeline => timelineIn(data) ?? { share: 0.8 };

/** MTL takes as long as all others together. */
const isRun = (method: Method) => !isSame(method, opponents.MTL);

/** What RQ1 to RQ3 run … */
export const runs: readonly Planned[] = [rq1, rq2, rq3].flatMap((question) =>
  question.runs.map(({ on, experiments }) => ({
    on,
    experiments: experiments.filter((method) => isRun(method)),
  })),
);

/** … and their families of claims. */
export const asks: readonly (readonly Question[])[] = [rq1, rq2, rq3].flatMap((question) =>
  question.asks.map((family) => family.filter(({ first, second }) => isRun(first) && isRun(second))),
);

/** Something of each protocol by its name, the paper's first. */
type ByProtocol<T> = Readonly<Record<string, T>>;

/** Who is tested under each protocol, by whom a trunk is trained, and how much of what is read came after the item to be told. */
export function dataTable(benches: ByProtocol<Pick<Workbench, 'dataset' | 'tasks'>>): Table {
  const rows = Object.entries(benches).flatMap(([protocol, { dataset, tasks }]) =>
    tasks.map((task) => ({
      ...{ protocol, task: task.name, later: hindsightOf(dataset.histories, task)?.items ?? null },
      ...{ users: trainingUsers(pretrainedOn(task.source)), ...testedOf(task) },
    })),
  );
  return {
    name: 'protocols-data',
    caption: 'Who is tested under each protocol, and who trains a trunk. Those tested are of seed 1.',
    columns: [
      ...columnsOf({ protocol: 'Protocol', task: 'Task', users: 'Users of pre-training' }),
      ...columnsOf({ testedInstances: 'Instances tested', testedUsers: 'Users tested' }),
      ...columnsOf({ later: ['Read after the target', 2] }),
    ],
    rows,
    note: 'Read after the target: the share of what a source sequence holds that the user came to after the target item.',
  };
}

function testedOf(task: Task) {
  const { test } = splitInstances(task, 1);
  const users = new Set(test.map((place) => task.source.users[task.instances[place].user]));
  return { testedInstances: test.length, testedUsers: users.size };
}

/** The claims of each protocol, those of the paper's first. */
type Claims = ByProtocol<readonly Claim[]>;

function changesIn(claims: Claims): readonly (readonly [protocol: string, changes: readonly Change[]])[] {
  const [[, paper], ...others] = Object.entries(claims);
  return others.map(([protocol, own]) => [protocol, changesOf(paper, own)]);
}

/** What becomes of the claims under each other protocol. */
export function changesTable(claims: Claims): Table {
  const share = (changes: readonly Change[], is: (change: Change) => boolean) => changes.filter(is).length;
  const rows = changesIn(claims).map(([protocol, changes]) => ({
    ...{ protocol, claims: changes.length },
    same: share(changes, ({ paper, other }) => paper.verdict === other.verdict),
    lost: share(changes, ({ paper, other }) => paper.verdict === 'holds' && other.verdict !== 'holds'),
    won: share(changes, ({ paper, other }) => paper.verdict !== 'holds' && other.verdict === 'holds'),
    apart: share(changes, ({ low, high }) => low > 0 || high < 0),
    change: changes.length > 0 ? mean(changes.map(({ change }) => change)) : null,
    size: changes.length > 0 ? mean(changes.map(({ change }) => Math.abs(change))) : null,
  }));
  return {
    name: 'protocols-changes',
    caption:
      'The claims of RQ1 to RQ3 under other protocols than the paper’s, which splits at random and ranks among 1 + 99.',
    columns: [
      ...columnsOf({ protocol: 'Protocol', claims: 'Claims', same: 'Same verdict' }),
      ...columnsOf({ lost: 'Hold no longer', won: 'Hold only here', apart: 'Change shown' }),
      ...columnsOf({ change: ['Mean change', 3], size: ['Mean size of it', 3] }),
    ],
    rows,
    note: 'Change: of the difference, in the other protocol less in the paper’s. Shown: its 95 % interval, uncorrected, excludes 0.',
  };
}

/** The claims whose verdict is not the same under all protocols. */
export function verdictsTable(claims: Claims): Table {
  const changes = changesIn(claims);
  const [[first, paper]] = Object.entries(claims);
  const rows = paper.flatMap((claim) => {
    const others = changes.map(
      ([protocol, own]) => [protocol, own.find((one) => one.paper === claim)?.other] as const,
    );
    if (others.every(([, other]) => !other || other.verdict === claim.verdict)) return [];
    const cells = [[first, claim] as const, ...others].flatMap(([protocol, own]) =>
      own
        ? [
            [protocol, own.difference],
            [`${protocol} verdict`, own.verdict],
          ]
        : [],
    );
    return [{ task: claim.place, claim: pairOf(claim), ...Object.fromEntries(cells) }];
  });
  return {
    name: 'protocols-verdicts',
    caption: 'The claims of RQ1 to RQ3 that protocols decide differently.',
    columns: [
      ...columnsOf({ task: 'Task', claim: 'Claim' }),
      ...Object.keys(claims).flatMap((protocol) =>
        columnsOf({ [protocol]: [capitalised(protocol), 3], [`${protocol} verdict`]: 'Verdict' }),
      ),
    ],
    rows,
  };
}

const capitalised = (words: string) => words.charAt(0).toUpperCase() + words.slice(1);

const holding = (claims: readonly Claim[]) =>
  claims.filter(({ verdict }) => verdict === ('holds' satisfies Verdict));

/** The answer as Markdown. */
export function answer({ data, ...bench }: Asking, claims: Claims): string {
  const head = '**What do the answers of RQ1 to RQ3 owe to how methods are evaluated?';
  if (isTrial(bench.preset))
    return `${head} Nothing is shown on ${data}: the tiny budgets of \`quick\` show that everything runs, not what is true.**`;
  const [[, paper]] = Object.entries(claims);
  const counts = changesIn(claims).map(([protocol, changes]) => {
    const [before, now] = [changes.map((one) => one.paper), changes.map((one) => one.other)].map(holding);
    return `${protocol}: ${now.length} (${before.length} of the same claims)`;
  });
  const largest = changesIn(claims).flatMap(([protocol, changes]) => {
    const [most] = [...changes].sort((a, b) => Math.abs(b.change) - Math.abs(a.change));
    return most ? [`${protocol} ${signed(most.change)} (${pairOf(most.paper)}, ${most.paper.place})`] : [];
  });
  return [
    `${head} On ${data}, ${holding(paper).length} of ${paper.length} claims hold under the paper’s protocol; ${counts.join(', ')}.**`,
    ...fewSeeds({ data, ...bench }),
    `Largest changes of a difference: ${largest.join('; ')}.`,
  ].join('\n\n');
}
