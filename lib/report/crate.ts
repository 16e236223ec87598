/**
 * The description of a run's folder or a packed set: `ro-crate-metadata.json`, RO-Crate 1.2 by the profile Process Run Crate 0.5. An
 * action has trained the documents; another one for each group of documents has drawn figures and tables from them.
 */
import fs from 'node:fs';
import path from 'node:path';
import { fingerprint } from '../base/fingerprint';
import { checksumOfFile, contentOf } from '../base/sealed';
import { UserError } from '../base/userError';
import { writeWhole } from '../base/whole';
import type { Card } from '../data/card/card';
import { nameIn, type Result } from '../experiments/documents/document';
import { CRATE, checksumsIn } from '../experiments/documents/packedForm';
import { inProject } from '../setup/tools/project';

/** What a figure or a table is made from. */
export type Provenance = {
  /** Of the data set; `files` by their SHA-256. */
  readonly data: Pick<Card, 'name' | 'licence' | 'citation'> & {
    readonly files: Readonly<Record<string, string>>;
  };
  readonly preset: string;
  readonly documents: readonly Result[];
  /** The question whose page shows it; absent where a notebook drew it. */
  readonly question?: string | undefined;
};

type Reference = { readonly '@id': string };
type Value = string | number | Reference | readonly (string | Reference)[];
type Entity = Reference & {
  readonly '@type': string | readonly string[];
  readonly [property: string]: Value;
};

const idsIn = (entities: readonly Reference[]) => entities.map((one) => one['@id']);
const refer = (...ids: readonly string[]): Reference[] => ids.map((id) => ({ '@id': id }));
const [ROOT, DATA, SOFTWARE, TRAINING] = ['./', '#data', '#peterrec-workbench', '#trainings'];
const [SPECIFICATION, PROFILE] = ['https://w3id.org/ro/crate/1.2', 'https://w3id.org/ro/wfrun/process/0.5'];
const PAPER = 'https://doi.org/10.1145/3397271.3401156';
const LICENCE = 'https://spdx.org/licenses/MIT';

const entity = (
  id: string,
  type: Entity['@type'],
  properties: Readonly<Record<string, Value | undefined>>,
): Entity => ({ '@id': id, '@type': type, ...properties }) as Entity;

const DEVELOPERS = { '@id': '#developers' };

/** What this software has done for its developers. */
const action = (id: string, name: string, properties: Readonly<Record<string, Value>>): Entity =>
  entity(id, 'CreateAction', { name, agent: DEVELOPERS, instrument: { '@id': SOFTWARE }, ...properties });

/** Entities that are the same in every description. */
function constants(): Entity[] {
  const { version } = JSON.parse(fs.readFileSync(inProject('package.json'), 'utf8')) as { version: string };
  return [
    entity(CRATE, 'CreativeWork', { about: { '@id': ROOT }, conformsTo: { '@id': SPECIFICATION } }),
    entity(PROFILE, ['CreativeWork', 'Profile'], { name: 'Process Run Crate', version: '0.5' }),
    entity(LICENCE, 'CreativeWork', {
      name: 'MIT License',
      description: 'Of the set; the data have their own.',
    }),
    entity(DEVELOPERS['@id'], 'Organization', { name: 'The PeterRec Workbench developers' }),
    entity(PAPER, 'ScholarlyArticle', {
      name: 'Parameter-Efficient Transfer from Sequential Behaviors for User Modeling and Recommendation',
      author: 'Fajie Yuan, Xiangnan He, Alexandros Karatzoglou, Liguang Zhang',
      datePublished: '2020',
    }),
    entity(SOFTWARE, 'SoftwareApplication', {
      ...{ name: 'PeterRec Workbench', version, url: PAPER, author: DEVELOPERS },
    }),
  ];
}

/** Entities of a data set and its files, which lie outside the folder. */
const dataEntities = ({ name, licence, citation, files }: Provenance['data']): Entity[] => {
  const parts = Object.entries(files).map(([file, sha256]) =>
    entity(`${DATA}/${encodeURI(file)}`, 'CreativeWork', { name: file, sha256 }),
  );
  return [
    entity(DATA, 'Dataset', {
      name,
      description: 'The data set that was trained on; not in this folder.',
      ...(licence && { license: licence }),
      ...(citation && { creditText: citation }),
      hasPart: refer(...idsIn(parts)),
    }),
    ...parts,
  ];
};

/** Entities of what was trained: parameters, code and environments. */
function trainingEntities(preset: string, documents: readonly Result[]): Entity[] {
  const environments = documents.map(({ environment: { source: _, versions, ...machine } }) =>
    Object.entries({ ...machine, ...versions })
      .map((pair) => pair.join(' '))
      .join(', '),
  );
  const codes = documents.map(({ environment }) => environment.source);
  const seeds = documents.map(({ seed }) => seed);
  const property = (id: string, name: string, value: string | number) =>
    entity(`#${name}-${id}`, 'PropertyValue', { name, value });
  const about = [
    property(preset, 'preset', preset),
    ...[...new Set(seeds)].sort((a, b) => a - b).map((seed) => property(String(seed), 'seed', seed)),
    ...[...new Set(codes)].map((code) => property(code, 'code', code)),
    ...[...new Set(environments)].map((own) => property(fingerprint(own), 'environment', own)),
  ];
  return [...about, action(TRAINING, 'Training', { object: refer(DATA, ...idsIn(about)) })];
}

const TYPES: Readonly<Record<string, string>> = {
  ...{ svg: 'image/svg+xml', png: 'image/png', pdf: 'application/pdf', csv: 'text/csv', tex: 'text/x-tex' },
  ...{ md: 'text/markdown', html: 'text/html', ipynb: 'application/x-ipynb+json', json: 'application/json' },
  parquet: 'application/vnd.apache.parquet',
};

/** Entity of a file of a folder, by its path there. */
function fileEntity(folder: string, file: string): Entity {
  const own = path.join(folder, file);
  return entity(encodeURI(file), 'File', {
    name: path.basename(file),
    encodingFormat: TYPES[path.extname(file).slice(1)] ?? 'application/octet-stream',
    ...{ contentSize: String(fs.statSync(own).size), sha256: checksumOfFile(own) },
  });
}

/** Entities of files that were drawn from documents; without documents they are drawn from the data. */
function drawnEntities(
  folder: string,
  files: readonly string[],
  { question, documents }: Provenance,
): Entity[] {
  const names = documents.map(nameIn);
  const id = question ?? (names.length > 0 ? `drawn-${fingerprint(names)}` : 'data-tables');
  const results = files.map((file) => fileEntity(folder, file));
  const collection = `#${id}-documents`;
  const from = entity(collection, 'Collection', {
    ...{ name: `Result documents of ${id}`, identifier: names },
    description:
      'Each is a file results/NAME.json, or the row of a documents-sN.parquet whose column document is NAME.',
  });
  return [
    ...results,
    ...(names.length > 0 ? [from] : []),
    action(`#${id}`, `Tables and figures of ${id}`, {
      object: refer(names.length > 0 ? collection : DATA),
      result: refer(...idsIn(results)),
    }),
  ];
}

const isAction = ({ '@type': type }: Entity) => type === 'CreateAction';
const idsOf = (value: Value | undefined): string[] =>
  (Array.isArray(value) ? value : [value]).flatMap((one: unknown) => (one as Reference)?.['@id'] ?? []);

/** The entities of a folder's description; none where it has none. Throws a UserError where it is no such file. */
function entitiesIn(folder: string): Entity[] {
  const content = contentOf(path.join(folder, CRATE));
  if (content === undefined) return [];
  try {
    return (JSON.parse(content) as { '@graph': Entity[] })['@graph'].filter(
      (entity) => entity['@id'].length > 0,
    );
  } catch {
    throw new UserError(`${path.join(folder, CRATE)}: expected an RO-Crate, found other content`);
  }
}

/** An action with those of its results that stay; other entities as they are. */
const leaving = (entity: Entity, stays: (id: string) => boolean): Entity =>
  isAction(entity) && entity.result
    ? { ...entity, result: refer(...idsOf(entity.result).filter(stays)) }
    : entity;

/** Adds entities to those of the same ids: lists are united, other values replaced. What is drawn anew leaves its earlier action. */
function united(old: readonly Entity[], added: readonly Entity[]): Entity[] {
  const drawn = new Set(added.filter(isAction).flatMap(({ result }) => idsOf(result)));
  const kept = old.map((entity) => [entity['@id'], leaving(entity, (id) => !drawn.has(id))] as const);
  const entities = new Map(kept);
  for (const entity of added) {
    const before = entities.get(entity['@id']);
    const lists = Object.entries(entity).flatMap(([key, value]) => {
      const list = before?.[key];
      if (key === 'identifier' || !Array.isArray(value) || !Array.isArray(list)) return [];
      const all = [...list, ...value].map((one) => [JSON.stringify(one), one] as const);
      return [[key, [...new Map(all).values()]]];
    });
    entities.set(entity['@id'], { ...entity, ...Object.fromEntries(lists) });
  }
  return [...entities.values()];
}

/** Writes the description: the root names what the others say. */
function write(
  folder: string,
  entities: readonly Entity[],
  { data, preset }: Pick<Provenance, 'data' | 'preset'>,
) {
  const others = entities.filter((entity) => entity['@id'] !== ROOT);
  const there = others.filter(
    ({ '@type': type, ...entity }) =>
      type !== 'File' || fs.existsSync(path.join(folder, decodeURI(entity['@id']))),
  );
  const root = entity(ROOT, 'Dataset', {
    name: `PeterRec on ${data.name}, preset ${preset}`,
    description: 'Trainings, and the tables and figures that were drawn from their test instances.',
    ...{ datePublished: new Date().toISOString().slice(0, 10), license: { '@id': LICENCE } },
    ...{ conformsTo: { '@id': PROFILE }, author: DEVELOPERS, citation: { '@id': PAPER } },
    hasPart: refer(...idsIn(there.filter(({ '@type': type }) => type === 'File'))),
    mentions: refer(...idsIn(others.filter(isAction))),
  });
  const [about, ...rest] = there;
  writeGraph(folder, [about, root, ...rest]);
}

const writeGraph = (folder: string, entities: readonly Entity[]): void => {
  const graph = { '@context': `${SPECIFICATION}/context`, '@graph': entities };
  writeWhole(path.join(folder, CRATE), `${JSON.stringify(graph, null, 1)}\n`);
};

/** Adds to the description of a folder what files of it, by their paths there, were drawn from; the same file drawn again adds nothing. */
export function describeDrawn(folder: string, drawn: readonly string[], from: Provenance): void {
  const sums = checksumsIn(folder);
  const files = drawn.filter(
    (file) => from.question || sums.get(file) !== checksumOfFile(path.join(folder, file)),
  );
  if (files.length === 0) return;
  const training = from.documents.length > 0 ? trainingEntities(from.preset, from.documents) : [];
  const about = [...constants(), ...dataEntities(from.data), ...training];
  write(folder, united(entitiesIn(folder), [...about, ...drawnEntities(folder, files, from)]), from);
}

/** Takes files out of the description of a folder, as they are written anew. */
export function withoutFiles(folder: string, files: readonly string[]): void {
  const entities = entitiesIn(folder).filter((entity) => !files.includes(entity['@id']));
  if (entities.length > 0) writeGraph(folder, entities);
}

/** Describes a packed set anew: its files, of which some hold the documents, and of the actions those that drew what is there. */
export function describeSet(
  folder: string,
  { files, documents }: { readonly files: readonly string[]; readonly documents: readonly string[] },
  from: Provenance,
): void {
  const drawn = entitiesIn(folder).filter(
    ({ '@id': id, '@type': type }) => (type === 'CreateAction' && id !== TRAINING) || type === 'Collection',
  );
  const training = trainingEntities(from.preset, from.documents).map((entity) =>
    entity['@id'] === TRAINING ? { ...entity, result: refer(...documents) } : entity,
  );
  const own = [...new Set([...files, ...documents])].map((file) => fileEntity(folder, file));
  const there = new Set(idsIn(own));
  const kept = drawn.map((entity) => leaving(entity, (id) => there.has(id)));
  write(folder, [...constants(), ...dataEntities(from.data), ...training, ...own, ...kept], from);
}

/** A question or a notebook, the documents that it draws from, and what it has drawn. */
export type Drawn = {
  readonly name: string;
  readonly documents: readonly string[];
  readonly files: readonly string[];
};

/** All that was drawn in a folder. */
export function drawnIn(folder: string): Drawn[] {
  const entities = entitiesIn(folder);
  return entities
    .filter((entity) => isAction(entity) && entity['@id'] !== TRAINING)
    .map(({ '@id': id, result }) => ({
      name: id.slice(1),
      documents: (entities.find((one) => one['@id'] === `${id}-documents`)?.identifier ?? []) as string[],
      files: idsOf(result).map(decodeURI),
    }));
}

/** The data set that a folder's description names; undefined where it names none. */
export function dataIn(folder: string): Provenance['data'] | undefined {
  const entities = entitiesIn(folder);
  const data = entities.find((entity) => entity['@id'] === DATA);
  if (!data) return undefined;
  const files = entities.filter((entity) => entity['@id'].startsWith(`${DATA}/`));
  return {
    ...{ name: String(data.name) },
    ...(data.license ? { licence: String(data.license) } : {}),
    ...(data.creditText ? { citation: String(data.creditText) } : {}),
    files: Object.fromEntries(files.map(({ name, sha256 }) => [String(name), String(sha256)])),
  };
}
