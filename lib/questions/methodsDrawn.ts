/** What must be tuned: the tables, figures and the answer. */
import { mean, median } from 'simple-statistics';
import { tasksOf, tested } from '../evidence/aggregate';
import type { Claim } from '../evidence/claims';
import { drawsOf, meanOf } from '../evidence/crossings';
import { type RowsOf, rowReader } from '../evidence/instances';
import { type Agreement, agreement, criticalDifference, halvesAgree, meanRanks } from '../evidence/orders';
import type { Result } from '../experiments/documents/document';
import { type Ran, runsOf } from '../experiments/documents/ran';
import type { Experiment, FineTuning } from '../experiments/methods/experiment';
import { identityOf, isSame, type Method } from '../experiments/methods/identity';
import type { Choice } from '../experiments/methods/presets';
import { spaceOf, tunedAs, untunedOf } from '../experiments/methods/space';
import { type Peaks, peakMemory } from '../experiments/runs/estimate/peakMemory';
import { choicesOf } from '../experiments/runs/tuned';
import type { Workbench } from '../experiments/runs/workbench';
import { isMergeable } from '../model/patches/patches';
import { type Answer, type Asking, STATES, signed, stateOf } from '../report/answer/answer';
import { type Costing, frontier } from '../report/figure/frontier';
import { rankFigure } from '../report/figure/rankFigure';
import type { Figure } from '../report/figure/smallMultiples';
import { claimsTable } from '../report/table/claims';
import { columnsOf, type Estimate, type Table } from '../report/table/table';
import { evidenceOf } from './evidence';
import {
  type ByTrunk,
  Classifier,
  type Families,
  FUSION,
  isOn,
  LEFT_OUT,
  methodsOn,
  paperPatchOn,
  type Trunk,
  trunkless,
  trunks,
  tunedBy,
  type Way,
  ways,
} from './methods';

/** What the signs of verdicts mean. */
const signs = `${Object.values(STATES)
  .map(({ sign, means }) => `${sign} ${means}`)
  .join('; ')}.`;

/** The sign of a family's verdict on a method on a task; – where the family does not ask about it. */
const signOf = (claims: readonly Claim[], task: string, method: Method): string => {
  const own = claims.find((claim) => claim.task === task && isSame(claim.question.first, method));
  return own ? STATES[stateOf(own)].sign : '–';
};

const ranOf = (ran: Ran, method: Method): Result[] =>
  tested(ran.results).filter((result) =>
    isSame({ ...method, id: result.experiment, trunk: result.trunk }, method),
  );

/** `6,576`, or the least and the greatest over tasks; below ten with a digit after the point. */
function range(values: readonly number[]): string | null {
  if (values.length === 0) return null;
  const print = (value: number) => value.toLocaleString('en', { maximumFractionDigits: value < 10 ? 1 : 0 });
  return [...new Set([Math.min(...values), Math.max(...values)].map(print))].join(' to ');
}

/** Weights that a method tunes beside its classifier, task by task. */
function besideClassifier(ran: Ran, trunk: Trunk, runs: readonly Result[]): number[] {
  const classifier = tunedBy(Classifier, trunk);
  return runs.flatMap(({ task, seed, parameters }) => {
    const alone = runsOf(ran.results, task, classifier).find((run) => run.seed === seed);
    return alone ? [parameters.tuned - alone.parameters.tuned] : [];
  });
}

/** Milliseconds of a step after the first evaluation, before which kernels warm up: the median of runs, which bears a paused one. */
function stepOf(runs: readonly Result[]): number | null {
  const each = runs.flatMap(({ curve: [first, ...later] }) => {
    const last = later.at(-1);
    if (last !== undefined) return [(1000 * (last.seconds - first.seconds)) / (last.step - first.step)];
    return first === undefined ? [] : [(1000 * first.seconds) / first.step];
  });
  return each.length > 0 ? median(each) : null;
}

/** Whether the model of a task is a trunk without patches: nothing is added, or all is merged. */
const isInTrunk = ({ patches }: FineTuning): boolean =>
  patches === null || (patches.form !== undefined && isMergeable(patches.form));

/** What tuning chose, and at how many points. */
type Tuned = Pick<Workbench, 'preset' | 'trials'>;

/** Tasks by what is said of them. */
const KINDS = { classify: 'profiles', recommend: 'items' } as const;

/** Of which hyper-parameters tuning chose the least or the largest value that it tried, by kinds of tasks. */
function endsOf({ preset: { chosen }, trials }: Tuned, method: Experiment): string {
  const names = Object.keys(spaceOf(method));
  if (names.length === 0) return '–';
  if (untunedOf([method], { chosen }).length > 0) return 'not tuned';
  const kinds = Object.entries(KINDS) as [keyof typeof KINDS, string][];
  const found = kinds.flatMap(([kind, tasks]) => {
    const { rate, everything = rate, part = everything, ...others } = chosen[kind][tunedAs(method)] ?? {}; // a cell's budgets name both
    const choice: Partial<Choice> = { ...others, rate: part };
    const atEnd = names.filter((name) => {
      const tried = choicesOf(method, trials).flatMap((tried) => tried?.[name] ?? []);
      return [Math.min(...tried), Math.max(...tried)].some((end) => end === choice[name]);
    });
    return atEnd.length > 0 ? [`${atEnd.join(', ')} (${tasks})`] : [];
  });
  return found.join(', ') || 'none';
}

/** What each way on a trunk reaches, beside what needs no trunk. */
function reachedOn(ran: Ran, trunk: Trunk, claims: Families): Table {
  const rowsOf = rowReader(ran.out);
  const tasks = tasksOf(tested(ran.results));
  const cellOf = (method: Method) => (task: string) => {
    const mark = ` ${signOf(claims.everything, task, method)}${signOf(claims.patch, task, method)}`;
    const isThere = runsOf(ran.results, task, method).length > 0;
    return [task, isThere ? { ...estimateOf(ran, task, method, rowsOf), mark } : null] as const;
  };
  return {
    name: `methods-${trunk}`,
    caption: `Ways of tuning the ${trunk} trunk in the best setting. Test results with 95 % intervals over seeds and users; the best of each task is bold.`,
    columns: [
      ...columnsOf({ method: 'Tuned' }),
      ...tasks.map((task) => ({
        ...{ key: task, label: `${task} ${ran.tasks.find(({ name }) => name === task)?.metric}` },
        ...({ digits: 3, style: 'fraction', best: 'highest' } as const),
      })),
    ],
    rows: thereOf(ran, [...trunkless, ...methodsOn(trunk)]).map(([method]) => ({
      method: method.label,
      ...Object.fromEntries(tasks.map(cellOf(method))),
    })),
    note: [
      `Signs: this way, the first, against everything, then against patches of k/8: ${signs} –: not asked.`,
      ...[...(LEFT_OUT[trunk] ?? [])].map(([way, why]) => `${way.label}: ${why}.`),
      `${FUSION}: its patches of other tasks have learnt from users that are tested here, so nothing is claimed of it.`,
    ].join(' '),
  };
}

/** What each way on a trunk costs. */
function costsOn(bench: Tuned, ran: Ran, trunk: Trunk, memory: Peaks): Table {
  const kindOf = (name: string) => ran.tasks.find((task) => task.name === name)?.kind;
  const rows = thereOf(ran, [...trunkless, ...methodsOn(trunk)]).map(([method, runs]) => {
    const on = (kind: keyof typeof KINDS) => runs.filter(({ task }) => kindOf(task) === kind);
    const kilobytes = (kind: keyof typeof KINDS) =>
      range(on(kind).map(({ parameters }) => parameters.perTaskBytes / 1000));
    const milliseconds = (kind: keyof typeof KINDS) =>
      range(tasksOf(on(kind)).flatMap((name) => stepOf(on(kind).filter(({ task }) => task === name)) ?? []));
    const ofTrunk = method.trunk !== 'none' && {
      weights: range(besideClassifier(ran, trunk, runs)),
      memory: megabytes(memory[identityOf(method)]),
      extra: isInTrunk(method as FineTuning) ? 'no' : 'yes',
    };
    return {
      ...{ method: method.label, ends: endsOf(bench, method), ...ofTrunk },
      ...{ bytesProfiles: kilobytes('classify'), bytesItems: kilobytes('recommend') },
      ...{ profiles: milliseconds('classify'), items: milliseconds('recommend') },
    };
  });
  return {
    name: `methods-${trunk}-costs`,
    caption: `What ways of tuning the ${trunk} trunk cost, and what tuning chose at an end of what it tried.`,
    columns: [
      ...columnsOf({ method: 'Tuned', weights: 'Weights' }),
      ...columnsOf({ bytesProfiles: `kB, ${KINDS.classify}`, bytesItems: `kB, ${KINDS.recommend}` }),
      ...columnsOf({ profiles: `ms, ${KINDS.classify}`, items: `ms, ${KINDS.recommend}` }),
      ...columnsOf({ memory: 'MB', extra: 'Extra parts in use', ends: 'Chosen at an end' }),
    ].map((column) => ({ ...column, align: ['method', 'ends'].includes(column.key) ? 'left' : 'right' })),
    rows,
    note: 'Weights: beside the classifier. kB: of a further task. ms: of a step, median of the runs on a task. MB: peak memory of training beyond the data, measured once, on one task, a profile task if there is one. Extra parts in use: whether a tuned model is more than a trunk and its classifier. Chosen at an end: of which hyper-parameters tuning chose the least or largest value that it tried.',
  };
}

/** Methods that have results, with these. */
const thereOf = (ran: Ran, methods: readonly Experiment[]): [Experiment, Result[]][] =>
  methods
    .map((method): [Experiment, Result[]] => [method, ranOf(ran, method)])
    .filter(([, runs]) => runs.length > 0);

const megabytes = (bytes: number | undefined) => (bytes === undefined ? null : bytes / 1e6);

function estimateOf(ran: Ran, task: string, method: Method, rowsOf: RowsOf): Estimate {
  const { mean: value, low, high } = meanOf(ran, task, method, rowsOf);
  return { value, low, high };
}

const familyOf = new Map<string, string>(ways.map(({ label, family }) => [label, family]));
const styleOf = ({ label }: Method): string => familyOf.get(label) ?? FUSION;

const SECONDS: Costing = {
  label: 'ms a step',
  of: (runs) => stepOf(runs) ?? Number.NaN,
};

/** Weights beside the classifier of the trunk that the runs start from. */
const weightsIn = (ran: Ran): Costing => ({
  label: 'Weights',
  of: (runs) => mean(besideClassifier(ran, runs[0].trunk as Trunk, runs)),
});

/** What ways reach on each trunk over the weights that they tune, and over what a step takes. */
export const figures = (ran: Ran): Figure[] =>
  [
    {
      ...{ name: 'methods-weights', cost: weightsIn(ran) },
      over: 'the weights that are tuned beside the classifier, which stands alone at the left end',
    },
    { name: 'methods-steps', cost: SECONDS, over: 'what a step takes' },
  ].map(({ over, ...about }) =>
    frontier(
      {
        ...about,
        caption: `Ways of tuning each trunk, test results over ${over} (logarithmic).`,
        groups: trunks.map((trunk) => ({ title: trunk, methods: methodsOn(trunk) })),
        styleOf,
      },
      ran.results,
    ),
  );

/** The ways that are there on each of some trunks. */
const waysOn = (...wanted: readonly Trunk[]): Way[] =>
  ways.filter((way) => wanted.every((trunk) => isOn(trunk)(way)));

/** The test metric of each seed. */
const bySeed = ({ results }: Ran, task: string, method: Method): number[] =>
  runsOf(results, task, method).map(({ metric, metrics }) => metrics.test[metric]);

/** The order, over tasks and trunks, of the ways that every trunk has. */
export function ranks(ran: Ran): Figure {
  const common = waysOn(...trunks);
  const blocks = trunks.flatMap((trunk) =>
    tasksOf(tested(ran.results)).map((task) =>
      common.map((way) => mean(bySeed(ran, task, tunedBy(way, trunk)))),
    ),
  );
  const found = meanRanks(blocks);
  return rankFigure({
    name: 'methods-ranks',
    caption: `Mean ranks of ways of tuning over ${blocks.length} blocks, a task on a trunk each; blocks are not independent, so the critical difference is too small.`,
    title: 'All trunks',
    ranks: common.map(({ label }, i) => ({ label, rank: found[i] })),
    critical: criticalDifference(common.length, blocks.length),
  });
}

/** Whether the ways that two trunks have stand in the same order on another one as on the causal CNN. */
export function orders(ran: Ran): Table {
  const rowsOf = rowReader(ran.out);
  const [first, ...rest] = trunks;
  const rows = tasksOf(tested(ran.results)).map((task) => {
    const drawn = trunks.map((trunk) => {
      const own = waysOn(trunk).map((way) => [way, drawsOf(ran, task, tunedBy(way, trunk), rowsOf)] as const);
      return [trunk, new Map(own)] as const;
    });
    const drawnOn = new Map(drawn);
    const of = (trunk: Trunk, common: readonly Way[]) =>
      common.map((way) => drawnOn.get(trunk)?.get(way) as ReturnType<typeof drawsOf>);
    const cells = rest.map((trunk) => {
      const common = waysOn(first, trunk);
      return [trunk, cellOf(agreement(of(first, common), of(trunk, common)))] as const;
    });
    const seeds = (trunk: Trunk) => waysOn(...trunks).map((way) => bySeed(ran, task, tunedBy(way, trunk)));
    const halves = trunks.map((trunk) => {
      const tau = halvesAgree(seeds(first), seeds(trunk));
      return [halfOf(trunk), Number.isNaN(tau) ? null : tau] as const;
    });
    return { task, ...Object.fromEntries([...cells, ...halves]) };
  });
  const ofTau = (key: string, label: string) => ({ key, label, digits: 2, style: 'signed' as const });
  return {
    name: 'methods-orders',
    caption: `Kendall’s τ of the order, on the ${first} trunk and on another one, of the ways that both have, with 95 % of resamples of seeds and users.`,
    columns: [
      ...columnsOf({ task: 'Task' }),
      ...rest.map((trunk) => ofTau(trunk, trunk)),
      ...trunks.map((trunk) => ofTau(halfOf(trunk), halfOf(trunk))),
    ],
    rows,
    note: `τ: 1 for the same order, 0 by chance; noise lowers τ of resamples below that of the means. Halves: τ of the ways that all trunks have, on the ${first} trunk by one half of the seeds and on a trunk by the other; noise alone keeps it below 1 on the ${first} trunk itself.`,
  };
}

/** The column of τ between halves of the seeds, by its key and label. */
const halfOf = (trunk: Trunk) => `${trunk}, halves`;

/** Nothing where all ways tie. */
const cellOf = ({ tau, low, high }: Agreement): Estimate | null =>
  Number.isNaN(tau) ? null : { value: tau, low, high };

/** Every claim about a trunk; each question is a family of its own. */
const evidence = (trunk: Trunk, claims: Families): Table => ({
  ...claimsTable(`methods-${trunk}-claims`, Object.values(claims).flat()),
  note:
    'Bootstrap over seeds and test users; Holm’s correction within each question: better than the classifier, as good as everything, as ' +
    'good as patches of k/8, patches better than other forms. How a verdict comes about: lib/evidence/README.md.',
});

/** What each way reaches and costs, and every claim about it, trunk by trunk. */
export const tables = (bench: Tuned, ran: Ran, found: ByTrunk, memory: Peaks = {}): Table[] =>
  trunks.flatMap((trunk) => [
    reachedOn(ran, trunk, found[trunk]),
    costsOn(bench, ran, trunk, memory),
    evidence(trunk, found[trunk]),
  ]);

/** What the papers of ways found of them beside tuning everything, by the ids of ways; their data are other ones. */
const SAID: Readonly<Record<string, string>> = {
  'Patches-8': 'on a par or better',
  'LoRA-8': 'on a par or better',
  IA3: 'better, few examples',
  BitFit: 'on a par, small data',
  SideNetwork: 'better, large models',
  Prompt: 'worse, small models',
};

/** What papers say of ways beside everything, and what is found here. */
export function asPublished(ran: Ran, claims: ByTrunk): Table {
  const tasks = tasksOf(tested(ran.results));
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

/** Measures the memory that each way takes, but for `quick`; what was measured before is read. */
export const memory = async (bench: Parameters<typeof peakMemory>[0]): Promise<Peaks> =>
  bench.preset.name === 'quick' ? {} : peakMemory(bench, trunks.flatMap(methodsOn));

/** Of a trunk what is asked of the paper's patch. */
const ofPatch = (trunk: Trunk, { learns, everything, forms }: Families): Claim[] => {
  const patch = paperPatchOn(trunk);
  return [...[...learns, ...everything].filter(({ question }) => isSame(question.first, patch)), ...forms];
};

const published = evidenceOf(
  'methods',
  'What must be tuned: the paper’s patch against other ways.',
  Object.fromEntries(trunks.map((trunk) => [`methods-${trunk}`, trunk])),
);
const groups = (claims: ByTrunk) => trunks.map((trunk) => ofPatch(trunk, claims[trunk]));
export const forestOf = (claims: ByTrunk): Figure => published.forestOf(...groups(claims));
const answerTo = published.answerTo({ question: 'What must be tuned?', isOwn: true });

const holding = (claims: readonly Claim[]) => claims.filter(({ verdict }) => verdict === 'holds').length;

/** `Item embedding 3; Last layer 1`: ways by their claims that hold. */
function countedByWay(claims: readonly Claim[]): string {
  const held = claims
    .filter(({ verdict }) => verdict === 'holds')
    .map(({ question }) => question.first.label);
  const counts = [...new Set(held)].map((way) => [way, held.filter((one) => one === way).length] as const);
  return counts
    .sort(([, a], [, b]) => b - a)
    .map(([way, count]) => `${way} ${count}`)
    .join('; ');
}

/** `ColdRec-1 77 of 79`: on each task, of the ways on all trunks, those whose mean is above that of all that needs no trunk. */
function aboveTrunkless(ran: Ran): string {
  const reached = (task: string, methods: readonly Method[]) =>
    methods.flatMap((method) => {
      const own = bySeed(ran, task, method);
      return own.length > 0 ? [mean(own)] : [];
    });
  const tuned = trunks.flatMap((trunk) => waysOn(trunk).map((way) => tunedBy(way, trunk)));
  return tasksOf(tested(ran.results))
    .map((task) => {
      const best = Math.max(...reached(task, trunkless));
      const own = reached(task, tuned);
      return `${task} ${own.filter((value) => value > best).length} of ${own.length}`;
    })
    .join(', ');
}

/** A sentence on each question: whether more than the classifier must be tuned, whether patches are the way, and whether it is the same on every trunk. */
export function answer(bench: Asking, ran: Ran, claims: ByTrunk, found: Table): Answer {
  const own = answerTo(bench, ...groups(claims));
  if (bench.preset.name === 'quick') return own;
  const all = (family: keyof Families) => trunks.flatMap((trunk) => claims[trunk][family]);
  const shareOf = (asked: readonly Claim[]) => `${holding(asked)} of ${asked.length}`;
  const learns = all('learns');
  const margins = all('everything').filter(
    ({ relative, question }) => relative !== null && question.first.label !== Classifier.label,
  );
  const withMargin = (verdict: Claim['verdict']) =>
    margins.filter(({ relative }) => relative?.verdict === verdict).length;
  const [forms, contrary] = [all('forms'), all('forms').filter((claim) => stateOf(claim) === 'contrary')];
  const meanTau = (trunk: Trunk) => {
    const taus = found.rows.flatMap((row) => (row[halfOf(trunk)] as number | null) ?? []);
    return taus.length > 0 ? signed(mean(taus), 2) : 'none';
  };
  const held = countedByWay(learns);
  return {
    ...own,
    notes: [
      `Ways that are shown to be better than the classifier alone: ${shareOf(learns)} (one per way, trunk and task)${held && `: ${held}`}. Where tuning everything is shown to beat the classifier, ways that are shown to lie within a quarter of that gain: ${withMargin('holds')} of ${margins.length}, outside: ${withMargin('does not hold')}.`,
      `Serial patches are shown to be better than LoRA (k/8), BitFit or (IA)³ (d = 1) in ${shareOf(forms)}, worse in ${contrary.length}.`,
      `The order of ways, on the causal CNN by half of the seeds and on a trunk by the other half: mean τ ${trunks.map((trunk) => `${meanTau(trunk)} on ${trunk}`).join(', ')}.`,
      `Ways in the mean above all that needs no trunk: ${aboveTrunkless(ran)}.`,
      ...own.notes,
    ],
  };
}
