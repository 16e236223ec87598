import { join } from 'node:path';
import { UserError } from '../../base/userError';
import type { ClassifySpec, RecommendSpec } from '../card/taskSpecs';
import type { Dataset } from '../loading/dataset';
import { countBefore, type Histories } from '../loading/histories';
import { headlineOf } from '../paper/tasks';
import { openFolder, pathIn, textIn } from '../reading/text/folder';
import { classifyTargets } from './classify';
import { type Domains, divideDomains, momentsOf, recommendTargets } from './recommend';
import { buildSource, type Source, type SourceMembers, type SourceOptions, wholeReaders } from './source';
import type { GivenSplit } from './split';
import { withSplitFile } from './splitFile';
import type { Targets } from './targets';
import { timelineOf } from './timeline';

/** One question about users: from the source sequence of a user to one of the labels. */
export interface Task extends Targets {
  readonly name: string;
  readonly kind: 'recommend' | 'classify';
  /** The metric that judges the task: the card's, else the paper's for its task of that name, else HR@5 or Acc. */
  readonly metric: string;
  /** Tasks of one source share this object. */
  readonly source: Source;
  /** Present where the card names a split file. */
  readonly given: GivenSplit | undefined;
  /** Share of the training instances that are used (Fig. 6); all if absent. */
  readonly training?: number;
  /** Whether all instances of choosing users validate, and none is tested: for tuning, which must not see the test part. */
  readonly trial?: boolean;
  /** Whether all instances of a user fall into one fold; absent: each instance falls into any. */
  readonly foldsByUser?: boolean;
}

type RecommendSource = SourceMembers & { readonly domains: Domains };

/** All tasks of the card, in its order. Throws a UserError where the card asks for what the tables lack. */
export function buildTasks(dataset: Dataset): Task[] {
  const { histories } = dataset;
  const specs = Object.entries(dataset.card.tasks);
  const at = timelineOf(dataset);
  const sources = new Map<string, RecommendSource>();
  for (const [name, spec] of specs)
    if (spec.kind === 'recommend') sources.set(name, recommendSource(dataset, name, spec, at));
  return specs.map(([name, spec]) => {
    if (spec.kind === 'recommend') {
      const members = sources.get(name) as RecommendSource;
      const { readers, domains } = members;
      const targets = recommendTargets(histories, readers, domains, { perUser: spec.perUser ?? 0, at });
      return assemble(dataset, name, spec, members, targets);
    }
    const members = sources.get(spec.source ?? '') ?? ownSource(histories, name, spec, at);
    const targets = classifyTargets(dataset, members, spec, { key: keyOf(dataset, name), at });
    return assemble(dataset, name, spec, members, targets);
  });
}

const keyOf = ({ folder }: Dataset, name: string) => `${join(folder, 'dataset.json')}: tasks.${name}`;

function recommendSource(
  dataset: Dataset,
  name: string,
  spec: RecommendSpec,
  at: number | undefined,
): RecommendSource {
  const { histories } = dataset;
  const domains = divideDomains(dataset, spec, { key: keyOf(dataset, name), at });
  const { length, minSource, perUser = 0 } = spec;
  const cuts = (user: number) => momentsOf(histories, user, domains, perUser).map(({ upTo }) => upTo);
  const options = { name, length, minSource, isSource: domains.isSource };
  return { ...sourceAt(histories, options, at, cuts), domains };
}

/** Whole users, or with a timeline whole users, these cut at their targets, and for pre-training cut at its time. */
function sourceAt(
  histories: Histories,
  options: SourceOptions,
  at: number | undefined,
  cuts: (user: number) => readonly number[],
): SourceMembers {
  const whole = wholeReaders(histories);
  if (at === undefined) return buildSource(histories, options, whole);
  const readers = whole.flatMap((reader) => {
    const { user } = reader;
    return [reader, ...[...new Set(cuts(user))].map((upTo) => ({ user, upTo }))];
  });
  const before = whole.map(({ user }) => ({ user, upTo: countBefore(histories, user, at) }));
  return buildSource(histories, options, readers, before);
}

/** The source of a classification task that names none: all items. */
function ownSource(
  histories: Histories,
  name: string,
  { length = 0, minSource = 3 }: ClassifySpec,
  at: number | undefined,
): SourceMembers {
  const isSource = new Uint8Array(histories.items.length).fill(1);
  return sourceAt(histories, { name, length, minSource, isSource }, at, () => []);
}

function assemble(
  dataset: Dataset,
  name: string,
  spec: RecommendSpec | ClassifySpec,
  { source, dropped: lost }: SourceMembers,
  targets: Targets,
): Task {
  const { kind, metric = headlineOf(name, kind), split } = spec;
  const fromFile = (file: string) => {
    const [folder, key] = [openFolder(dataset.folder), `tasks.${name}.split`];
    return withSplitFile(pathIn(folder, key, file), textIn(folder, key, file), targets, source.users);
  };
  const { targets: used, given } = split === undefined ? { targets, given: undefined } : fromFile(split);
  const dropped = [...lost, ...targets.dropped];
  if (used.instances.length > 0) return { ...used, name, kind, metric, source, given, dropped };
  const reasons = dropped.map(({ what, why, count }) => `${count} ${what}: ${why}`).join('; ');
  throw new UserError(
    `${keyOf(dataset, name)}: expected at least one user with a target, found none${reasons && ` (${reasons})`}`,
  );
}
