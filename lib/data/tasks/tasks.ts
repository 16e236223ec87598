import { join } from 'node:path';
import { UserError } from '../../base/userError';
import type { Dropped } from '../card/dropped';
import type { ClassifySpec, RecommendSpec } from '../card/taskSpecs';
import type { Dataset } from '../loading/dataset';
import { countBefore, type Histories, historyOf, timesOf } from '../loading/histories';
import { headlineOf } from '../paper/tasks';
import { openFolder, pathIn, textIn } from '../reading/text/folder';
import { classifyTargets } from './classify';
import { requireTable } from './conditions';
import { type Domains, divideDomains, type Moment, momentsOf, recommendTargets } from './recommend';
import {
  buildSource,
  type Reader,
  type Source,
  type SourceMembers,
  type SourceOptions,
  wholeReaders,
} from './source';
import type { GivenSplit } from './split';
import { withSplitFile } from './splitFile';
import { type Instance, partsAt, type Targets } from './targets';
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
  /** Share of the training part that joins validation, with nothing tested: for studies, which must not see the test part. */
  readonly heldOut?: number;
  /** Rows and users that neither this task nor its source uses. */
  readonly dropped: readonly Dropped[];
}

interface RecommendSource extends SourceMembers {
  readonly domains: Domains;
}

/** A data set and the time of its timeline, if it has one. */
type Timed = { readonly dataset: Dataset; readonly at: number | undefined };

/** All tasks of the card, in its order. Throws a UserError where the card asks for what the tables lack. */
export function buildTasks(dataset: Dataset): Task[] {
  const specs = Object.entries(dataset.card.tasks);
  const timed = { dataset, at: timelineOf(dataset) };
  const sources = new Map(
    specs.flatMap(([name, spec]) =>
      spec.kind === 'recommend' ? [[name, recommendSource(timed, name, spec)] as const] : [],
    ),
  );
  return specs.map(([name, spec]) =>
    spec.kind === 'recommend'
      ? recommendTask(timed, name, spec, sources.get(name) as RecommendSource)
      : classifyTask(timed, name, spec, sources.get(spec.source ?? '') ?? ownSource(timed, name, spec)),
  );
}

const keyOf = ({ folder }: Dataset, name: string) => `${join(folder, 'dataset.json')}: tasks.${name}`;

function recommendSource({ dataset, at }: Timed, name: string, spec: RecommendSpec): RecommendSource {
  const { histories } = dataset;
  const domains = divideDomains(histories, dataset.items, spec, { key: keyOf(dataset, name), at });
  const { length, minSource, perUser = 0 } = spec;
  const options = { name, length, minSource, isSource: domains.isSource };
  const moments = (user: number) => momentsOf(histories, user, domains, perUser);
  return { ...sourceAt(histories, options, at, moments), domains };
}

/** Whole users, or with a timeline whole users, these cut at their targets, and for pre-training cut at its time. */
function sourceAt(
  histories: Histories,
  options: SourceOptions,
  at: number | undefined,
  moments: (user: number) => readonly Pick<Moment, 'upTo'>[],
): SourceMembers {
  const whole = wholeReaders(histories);
  if (at === undefined) return buildSource(histories, options, whole);
  const readers = whole.flatMap((reader) => {
    const cuts = new Set(moments(reader.user).map(({ upTo }) => upTo));
    return [reader, ...[...cuts].map((upTo) => ({ user: reader.user, upTo }))];
  });
  const before = whole.map(({ user }) => ({ user, upTo: countBefore(histories, user, at) }));
  return buildSource(histories, options, readers, before);
}

/** The source of a classification task that names none: all items. */
function ownSource(
  { dataset: { histories }, at }: Timed,
  name: string,
  { length = 0, minSource = 3 }: ClassifySpec,
): SourceMembers {
  const isSource = new Uint8Array(histories.items.length).fill(1);
  return sourceAt(histories, { name, length, minSource, isSource }, at, () => []);
}

function recommendTask(
  { dataset, at }: Timed,
  name: string,
  spec: RecommendSpec,
  members: RecommendSource,
): Task {
  const { readers, domains } = members;
  const targets = recommendTargets(dataset.histories, readers, domains, { perUser: spec.perUser ?? 0, at });
  return assemble(dataset, name, spec, members, targets);
}

function classifyTask(
  { dataset, at }: Timed,
  name: string,
  spec: ClassifySpec,
  members: SourceMembers,
): Task {
  const { histories, userTexts: texts } = dataset;
  const { source, readers } = members;
  const ends = ({ user, upTo }: Reader) => upTo === historyOf(histories, user).length;
  const places = at === undefined ? undefined : [...readers.keys()].filter((place) => ends(readers[place]));
  const key = keyOf(dataset, name);
  const targets = classifyTargets(requireTable(dataset.users, key), source, spec, { key, texts }, places);
  const last = ({ user }: Instance) => timesOf(histories, readers[user].user).at(-1) as number;
  const timely = at === undefined ? targets : { ...targets, parts: partsAt(targets.instances.map(last), at) };
  return assemble(dataset, name, spec, members, timely);
}

function splitFileOf({ folder: path }: Dataset, task: string, split: string) {
  const [folder, key] = [openFolder(path), `tasks.${task}.split`];
  return { file: pathIn(folder, key, split), text: textIn(folder, key, split) };
}

function assemble(
  dataset: Dataset,
  name: string,
  spec: RecommendSpec | ClassifySpec,
  { source, dropped }: SourceMembers,
  targets: Targets,
): Task {
  const { targets: used, given } =
    spec.split === undefined
      ? { targets, given: undefined }
      : withSplitFile(splitFileOf(dataset, name, spec.split), targets, source.users);
  const notes = [...dropped, ...targets.dropped];
  const { kind, metric = headlineOf(name, kind) } = spec;
  if (used.instances.length > 0) return { ...used, name, kind, metric, source, given, dropped: notes };
  const reasons = notes.map(({ what, why, count }) => `${count} ${what}: ${why}`).join('; ');
  throw new UserError(
    `${keyOf(dataset, name)}: expected at least one user with a target, found none (${reasons})`,
  );
}
