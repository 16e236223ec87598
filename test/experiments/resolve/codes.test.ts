/** Which documents are computed anew after an edit: a table of edits of a copy of the library. */
import assert from 'node:assert/strict';
import fs from 'node:fs';
import path from 'node:path';
import { test } from 'node:test';
import { inBestSetting } from '../../../lib/experiments/methods/best';
import type { Experiment } from '../../../lib/experiments/methods/experiment';
import { causal, nonCausal } from '../../../lib/experiments/methods/family';
import { identityOf } from '../../../lib/experiments/methods/identity';
import type { Preset } from '../../../lib/experiments/methods/presets';
import { vary } from '../../../lib/experiments/methods/vary';
import { opponents, untrained } from '../../../lib/experiments/opponents/opponents';

import { nameOf, type TrainingRecord } from '../../../lib/experiments/records/record';
import { requireSameCode } from '../../../lib/experiments/resolve/codes';
import { type Job, resolve, stemIn } from '../../../lib/experiments/resolve/resolve';

import { kernelDigests } from '../../../lib/setup/parts/addon';
import { folderWith } from '../../data/folders';
import { parity, preset as tiny } from '../recipes/tinyTasks';
import { options } from '../runs/tinyRun';

const PROJECT = path.resolve(__dirname, '../../..');
const copy = folderWith({});

const lib = (name: string) => path.join(copy, 'lib', name);
const KERNELS = lib('engine/kernels');
const COMPILED = path.join(copy, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node.txt');

fs.cpSync(path.join(PROJECT, 'lib'), path.join(copy, 'lib'), { recursive: true });
fs.mkdirSync(path.dirname(COMPILED), { recursive: true });
for (const name of ['esbuild', 'typescript'])
  fs.symlinkSync(path.join(PROJECT, 'node_modules', name), path.join(copy, 'node_modules', name));

/** As set-up leaves it that has compiled the kernels of the copy. */
const compile = () => fs.writeFileSync(COMPILED, JSON.stringify({ kernels: kernelDigests(KERNELS) }));
compile();

const { PeterRec, FineAll, FineZero } = causal;
const d = nonCausal.PeterRec;
const gelu = vary(PeterRec, { patches: { activation: 'gelu' } });
const crossEntropy = inBestSetting(FineAll);
const experiments: readonly Experiment[] = [
  ...[PeterRec, FineAll, FineZero, crossEntropy, gelu, d],
  ...Object.values(opponents),
  ...untrained,
];
const planned = [{ on: 'all' as const, experiments }];
/** The experiments on their tasks, whatever the preset. */
const pairs = resolve(planned, { ...options, preset: tiny }).flatMap(({ about: { task, declared } }) =>
  declared ? [{ task, experiment: declared }] : [],
);

const nameOfPair = ({ experiment, task }: (typeof pairs)[number]) => `${identityOf(experiment)}, ${task}`;
const subjectOf = ({ about: { task, trunk, declared } }: Job) =>
  declared ? nameOfPair({ experiment: declared, task }) : `trunk ${trunk}`;

const copied: typeof import('../../../lib/experiments/resolve/codes') = require(
  lib('experiments/resolve/codes.ts'),
);

/** The budgets of the copy as a process sees them that was started now. */
function presetNow(): Preset {
  const file = lib('experiments/methods/presets.ts');
  delete require.cache[file];
  const { presets }: typeof import('../../../lib/experiments/methods/presets') = require(file);
  return presets.default;
}

/** What each document is named by the copy's code and budgets, by what it is. */
function names(): Map<string, string> {
  const codes = {};
  const renamed = new Map<string, string>();
  return new Map(
    resolve(planned, { ...options, preset: presetNow() }).map((job) => {
      const { record } = job;
      const starts = record.kind === 'fine-tuning' ? { from: renamed.get(record.from ?? '') ?? null } : {};
      const code = copied.codeOf(record, codes);
      const name = nameOf({ ...record, ...starts, code } as TrainingRecord);
      renamed.set(stemIn(job), name);
      return [subjectOf(job), name];
    }),
  );
}

const before = names();

/** Documents by what is said of their experiments; those of trunks besides, where they are concerned. */
const whose = (is: (experiment: Experiment, task: string) => boolean, trunks = false): string[] => [
  ...(trunks ? ['trunk causal', 'trunk non-causal'] : []),
  ...pairs.filter(({ experiment, task }) => is(experiment, task)).map(nameOfPair),
];
const none: string[] = [];
const only = (...own: readonly Experiment[]) => whose((experiment) => own.some((one) => one === experiment));

const onTrunk = (experiment: Experiment) => experiment.kind === 'fine-tuning';
const fromTrunk = (experiment: Experiment) => onTrunk(experiment) && experiment !== FineZero;
const { MTL, NeuFM, DeepFM, ItemCooccurrence, BagOfItems } = opponents;

const bags = [NeuFM, DeepFM, BagOfItems];
/** Documents of trained trunks and what starts from them, of profiles on a trunk, and of what has a trunk. */
const trained = whose(fromTrunk, true);
const profiles = whose((one, task) => onTrunk(one) && task === parity.name);
const allTrunks = [...whose(onTrunk, true), ...only(MTL)];

type Edit = readonly [what: string, file: string, from: RegExp, to: string, anew: readonly string[]];
const edits: readonly Edit[] = [
  ['a comment', 'training/losses.ts', /return weightedMean/, 'return /* the mean */ weightedMean', none],
  ['a comment in a kernel', 'engine/kernels/rowAdam.cc', /^/, '// a remark\n', none],
  ['a type', 'training/losses.ts', /^/, 'export type Remark = string;\n', none],
  ['a message of training', 'training/inputs.ts', /sampled softmax takes/, 'one takes', none],
  ['a message of the engine', 'engine/graph/refusal.ts', /compute it outside/, 'do it outside', none],
  ['a message about the network', 'setup/tools/command.js', /no network/, 'offline', none],
  ['what is set up', 'setup/parts/pythonPackages.js', /$/, '\nmodule.exports.more = 1;\n', none],
  ['a trunk more', 'model/trunks/names.ts', /GRU: gru,/, 'GRU: gru, Other: gru,', none],
  ['a form more', 'model/patches/patches.ts', /\bforms = byChoice\(\{/, '$& other: fusion,', none],
  ['a selection more', 'model/selections/selections.ts', /\blisted = byChoice\(\{/, '$& other: ownOf,', none],
  [
    'the words of a form',
    'model/patches/bottleneck.ts',
    /'two patches a block/,
    "'Two patches a block",
    none,
  ],
  ['a report', 'report/figure/theme.ts', /$/, '\nexport const more = 1;\n', none],
  ['a label', 'experiments/methods/family.ts', /label: 'PeterRec'/, "label: 'Peter'", none],
  ['how documents are kept', 'experiments/documents/document.ts', /'results'/, "'documents'", none],
  ['when checkpoints are left', 'experiments/documents/checkpoint.ts', /0\.015/, '0.02', none],
  ['the kernel of convolutions', 'engine/kernels/convolution/product.inc', /\b0\b/, '1', allTrunks],
  ['the kernel of ranks', 'engine/kernels/rankInPool.cc', /\b0\b/, '1', trained],
  ['Adam', 'engine/kernels/rowAdam.cc', /std::sqrt/, 'std::cbrt', [...allTrunks, ...only(...bags)]],
  ['an op that one patch uses', 'engine/ops/activations.ts', /0\.044715/, '0.05', only(gelu)],
  [
    'layer norm',
    'engine/ops/normalisation.ts',
    /EPSILON = 1e-8/,
    'EPSILON = 1',
    [...allTrunks, ...only(NeuFM)],
  ],
  [
    'Eq. 8',
    'training/losses.ts',
    /tf\.neg\(margin\)/,
    'margin',
    only(PeterRec, FineAll, FineZero, gelu, d, MTL),
  ],
  ['the authors’ loss', 'training/losses.ts', /tf\.add\(right, wrong\)/, 'right', none],
  ['where (d) goes', 'model/patches/bottleneck.ts', /finish\(tf\.add\(psi, P\(z\)\)\)/, 'psi', only(d)],
  [
    'the split of tasks',
    'data/tasks/split.ts',
    /const VALID = 0\.03/,
    'const VALID = 0.04',
    whose(() => true),
  ],
  [
    'the most frequent label',
    'experiments/recipes/counting.ts',
    /counts\[/,
    'counts[0 * ',
    only(...untrained),
  ],
  ['an opponent', 'training/opponents/models.ts', /0\.02/, '0.03', only(NeuFM)],
  ['a budget of profiles', 'experiments/methods/presets.ts', /(?<=batch: 256, passes: )96/, '95', profiles],
  ['a budget of trunks', 'experiments/methods/presets.ts', /(?<=learntOut = { passes: )200/, '210', trained],
  [
    'co-occurrence',
    'training/opponents/itemCooccurrence.ts',
    /item\]\+\+/,
    'item] += 2',
    only(ItemCooccurrence),
  ],
];

for (const [what, name, from, to, anew] of edits) {
  test(`${what}: ${anew.length === 0 ? 'no document' : `${anew.length} of ${before.size} documents`} anew`, () => {
    const file = lib(name);
    const text = fs.readFileSync(file, 'utf8');
    fs.writeFileSync(file, text.replace(from, to));
    compile();
    try {
      assert.notEqual(fs.readFileSync(file, 'utf8'), text, 'nothing to edit');
      assert.deepEqual(changed(), [...anew].sort());
    } finally {
      fs.writeFileSync(file, text);
      compile();
    }
  });
}

function changed(): string[] {
  const now = names();
  return [...before].flatMap(([name, hash]) => (now.get(name) === hash ? [] : [name])).sort();
}

test('a record of other code is refused', () => {
  const [{ record }] = resolve(planned, { ...options, preset: tiny });
  requireSameCode(record, {});
  assert.throws(() => requireSameCode({ ...record, code: `${record.code}0` }, {}), {
    name: 'UserError',
    message: /run the command again$/,
  });
});

test('files that are moved to other folders, and what imports them: no document anew', () => {
  for (const [from, to] of [
    ['training/losses.ts', 'model/targets.ts'],
    ['engine/ops/rows.ts', 'engine/gathering.ts'],
    ['model/patches/patch.ts', 'model/patches/patch.ts'],
  ])
    move(from, to);
  assert.deepEqual(changed(), none);
});

/** Moves a file of the copy; imports lead where they led. */
function move(from: string, to: string): void {
  const places = new Map([[lib(from), lib(to)]]);
  for (const name of fs.readdirSync(lib(''), { recursive: true, encoding: 'utf8' })) {
    const file = lib(name);
    if (!/\.ts$/.test(name)) continue;
    const text = fs.readFileSync(file, 'utf8');
    const moved = text.replace(/(?<=from ')\.[^']+(?=')/g, (request) => {
      const bare = path.resolve(path.dirname(file), request);
      const target = places.get(`${bare}.ts`)?.replace(/\.ts$/, '') ?? bare;
      const way = path.relative(path.dirname(places.get(file) ?? file), target);
      return way.startsWith('.') ? way : `./${way}`;
    });
    const place = places.get(file) ?? file;
    if (place !== file) fs.rmSync(file);
    fs.mkdirSync(path.dirname(place), { recursive: true });
    fs.writeFileSync(place, moved);
  }
}
