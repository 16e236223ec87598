import { join } from 'node:path';
import type { ColumnTable } from 'arquero';
import { UserError } from '../../userError';
import type { ClassifySpec, RecommendSpec } from '../card/card';
import { fileOfCard } from '../card/cardFile';
import type { Dropped } from '../card/dropped';
import type { Dataset } from '../loading/dataset';
import type { Histories } from '../loading/histories';
import { classifyTargets } from './classify';
import { type Domains, divideDomains, recommendTargets } from './recommend';
import { buildSource, type Source, type SourceMembers } from './source';
import type { GivenSplit } from './split';
import { withSplitFile } from './splitFile';
import type { Instance, Targets } from './targets';

export type { Instance, Source };

/** One question about users: from the source sequence of a user to one of the labels. */
export interface Task extends Targets {
  readonly name: string;
  readonly kind: 'recommend' | 'classify';
  /** Tasks of one source share this object. */
  readonly source: Source;
  /** Present where the card names a split file. */
  readonly given: GivenSplit | undefined;
  /** Share of the training instances that are used (Fig. 6); all if absent. */
  readonly training?: number;
  /** What was left out on the way from the tables to this task, that of its source included. */
  readonly dropped: readonly Dropped[];
}

interface RecommendSource extends SourceMembers {
  readonly domains: Domains;
}

/** All tasks of the card, in its order. Throws a UserError where the card asks for what the tables lack. */
export function buildTasks(dataset: Dataset): Task[] {
  const { histories } = dataset;
  const specs = dataset.card.tasks;
  const sources = new Map<string, RecommendSource>();
  for (const [name, spec] of Object.entries(specs)) {
    if (spec.kind === 'recommend') sources.set(name, recommendSource(dataset, histories, name, spec));
  }
  return Object.entries(specs).map(([name, spec]) =>
    spec.kind === 'recommend'
      ? recommendTask(dataset, histories, name, spec, sources.get(name) as RecommendSource)
      : classifyTask(dataset, name, spec, sources.get(spec.source ?? '') ?? ownSource(histories, name, spec)),
  );
}

function keyOf({ folder }: Dataset, name: string): string {
  return `${join(folder, 'dataset.json')}: tasks.${name}`;
}

function recommendSource(
  dataset: Dataset,
  histories: Histories,
  name: string,
  spec: RecommendSpec,
): RecommendSource {
  const domains = divideDomains(histories, dataset.items as ColumnTable, spec, keyOf(dataset, name));
  const { length, minSource } = spec;
  return { ...buildSource(histories, { name, length, minSource, isSource: domains.isSource }), domains };
}

/** The source of a classification task that names none: all items. */
function ownSource(
  histories: Histories,
  name: string,
  { length, minSource = 3 }: ClassifySpec,
): SourceMembers {
  const isSource = new Uint8Array(histories.items.length).fill(1);
  return buildSource(histories, { name, length: length as number, minSource, isSource });
}

function recommendTask(
  dataset: Dataset,
  histories: Histories,
  name: string,
  spec: RecommendSpec,
  { source, userCodes, domains, dropped }: RecommendSource,
): Task {
  const targets = recommendTargets(histories, userCodes, domains, spec.perUser ?? 0);
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
  if (used.instances.length > 0) return { ...used, name, kind: spec.kind, source, given, dropped: notes };
  const reasons = notes.map(({ what, why, count }) => `${count} ${what}: ${why}`).join('; ');
  throw new UserError(
    `${keyOf(dataset, name)}: expected at least one user with a target, found none (${reasons})`,
  );
}
