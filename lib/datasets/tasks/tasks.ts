import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import { headlineOf } from '../../paper/tasks';
import { UserError } from '../../userError';
import { fileOfCard } from '../card/cardFile';
import type { Dropped } from '../card/dropped';
import type { ClassifySpec, RecommendSpec } from '../card/taskSpecs';
import type { Dataset } from '../loading/dataset';
import { classifyTargets } from './classify';
import { type Domains, divideDomains, recommendTargets } from './recommend';
import { buildSource, type Source, type SourceMembers } from './source';
import type { GivenSplit } from './split';
import { withSplitFile } from './splitFile';
import type { Targets } from './targets';

/** One question about users: from the source sequence of a user to one of the labels. */
export interface Task extends Targets {
  readonly name: string;
  readonly kind: 'recommend' | 'classify';
  /** The metric that stands for the task: the card's, else the paper's for its task of that name, else HR@5 or Acc. */
  readonly metric: string;
  /** Tasks of one source share this object. */
  readonly source: Source;
  /** Present where the card names a split file. */
  readonly given: GivenSplit | undefined;
  /** Share of the training instances that are used (Fig. 6); all if absent. */
  readonly training?: number;
  /** Share of the training part that joins validation while nothing is tested: for studies, which must not see the test part. */
  readonly heldOut?: number;
  /** What was left out on the way from the tables to this task, that of its source included. */
  readonly dropped: readonly Dropped[];
}

interface RecommendSource extends SourceMembers {
  readonly domains: Domains;
}

/** All tasks of the card, in its order. Throws a UserError where the card asks for what the tables lack. */
export function buildTasks(dataset: Dataset): Task[] {
  const specs = dataset.card.tasks;
  const sources = new Map<string, RecommendSource>();
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.kind === 'recommend') sources.set(name, recommendSource(dataset, name, spec));
  }
  return Object.entries(specs).map(([name, spec]) =>
    spec.kind === 'recommend'
      ? recommendTask(dataset, name, spec, sources.get(name) as RecommendSource)
      : classifyTask(dataset, name, spec, sources.get(spec.source ?? '') ?? ownSource(dataset, name, spec)),
  );
}

function keyOf({ folder }: Dataset, name: string): string {
  return `${join(folder, 'dataset.json')}: tasks.${name}`;
}

function recommendSource(dataset: Dataset, name: string, spec: RecommendSpec): RecommendSource {
  const { histories } = dataset;
  const domains = divideDomains(histories, dataset.items, spec, keyOf(dataset, name));
  const { length, minSource } = spec;
  return { ...buildSource(histories, { name, length, minSource, isSource: domains.isSource }), domains };
}

/** The source of a classification task that names none: all items. */
function ownSource(
  { histories }: Dataset,
  name: string,
  { length, minSource = 3 }: ClassifySpec,
): SourceMembers {
  const isSource = new Uint8Array(histories.items.length).fill(1);
  return buildSource(histories, { name, length: length as number, minSource, isSource });
}

function recommendTask(
  dataset: Dataset,
  name: string,
  spec: RecommendSpec,
  { source, userCodes, domains, dropped }: RecommendSource,
): Task {
  const targets = recommendTargets(dataset.histories, userCodes, domains, spec.perUser ?? 0);
  return assemble(dataset, { name, spec, source, dropped, targets });
}

function classifyTask(
  dataset: Dataset,
  name: string,
  spec: ClassifySpec,
  { source, dropped }: SourceMembers,
): Task {
  const targets = classifyTargets(dataset.users as ColumnTable, source.users, spec, keyOf(dataset, name));
  return assemble(dataset, { name, spec, source, dropped, targets });
}

interface Parts {
  readonly name: string;
  readonly spec: RecommendSpec | ClassifySpec;
  readonly source: Source;
  readonly dropped: readonly Dropped[];
  readonly targets: Targets;
}

function assemble(dataset: Dataset, { name, spec, source, dropped, targets }: Parts): Task {
  const { targets: used, given } =
    spec.split === undefined
      ? { targets, given: undefined }
      : withSplitFile(fileOfCard(dataset.folder, `tasks.${name}.split`, spec.split), targets, source.users);
  const notes = [...dropped, ...targets.dropped];
  const { kind, metric = headlineOf(name, kind) } = spec;
  if (used.instances.length > 0) return { ...used, name, kind, metric, source, given, dropped: notes };
  const reasons = notes.map(({ what, why, count }) => `${count} ${what}: ${why}`).join('; ');
  throw new UserError(
    `${keyOf(dataset, name)}: expected at least one user with a target, found none (${reasons})`,
  );
}
