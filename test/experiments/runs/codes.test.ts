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
import { pretrainingOf } from '../../../lib/experiments/recipes/settings';
import { type Codes, codeOf, requireSame } from '../../../lib/experiments/resolve/codes';
import { pairsOf } from '../../../lib/experiments/resolve/pairs';
import { keyOfPair, keyOfTrunk, type Pair } from '../../../lib/experiments/runs/declaration';
import { kernelDigests } from '../../../lib/setup/parts/addon';
import { folderWith } from '../../data/folders';
import { news, parity, source } from '../recipes/tinyTasks';

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
const pairs = pairsOf([news, parity], [{ on: 'all', experiments }]);

const nameOf = ({ experiment, task }: Pair) => `${identityOf(experiment)}, ${task.name}`;

const copied: typeof import('../../../lib/experiments/resolve/codes') = require(
  lib('experiments/runs/codes.ts'),
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
  const [preset, codes] = [presetNow(), {}];
  for (const of of ['causal', 'non-causal', ...experiments] as const) copied.codeOf(of, codes);
  const session = { preset, codes };
  return new Map([
    ...(['causal', 'non-causal'] as const).map((direction): [string, string] => [
      `trunk ${direction}`,
      keyOfTrunk(session, pretrainingOf(source, preset, direction), 0).hash,
    ]),
    ...pairs.map((pair): [string, string] => [nameOf(pair), keyOfPair(session, pair, 0).hash]),
  ]);
}

const before = names();

/** Documents by what is said of their experiments; those of trunks besides, where they are concerned. */
const whose = (is: (experiment: Experiment, task: string) => boolean, trunks = false): string[] => [
  ...(trunks ? ['trunk causal', 'trunk non-causal'] : []),
  ...pairs.filter(({ experiment, task }) => is(experiment, task.name)).map(nameOf),
];
const none: string[] = [];
const only = (...own: readonly Experiment[]) => whose((experiment) => own.some((one) => one === experiment));

const onTrunk = (experiment: Experiment) => experiment.kind === 'fine-tuning';
const fromTrunk = (experiment: Experiment) => onTrunk(experiment) && experiment !== FineZero;
const { MTL, NeuFM, DeepFM, ItemCooccurrence, BagOfItems } = opponents;

const bags = [NeuFM, DeepFM, BagOfItems];
/** Documents of trained trunks and what starts from them, of what has a trunk, and of profiles on a trunk. */
const trained = [...whose(fromTrunk, true), ...only(MTL)];
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
  ['the kernel of ranks', 'engine/kernels/rankInPool.cc', /\b0\b/, '1', whose(fromTrunk, true)],
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
  ['the split of tasks', 'data/tasks/split.ts', /TRAIN = 0\.7/, 'TRAIN = 0.8', whose(() => true)],
  [
    'the most frequent label',
    'experiments/recipes/opponents.ts',
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

test('fingerprints that were taken of other code are refused', () => {
  const codes: Codes = {};
  codeOf(causal.PeterRec, codes);
  requireSame(codes);
  const [[name, code]] = Object.entries(codes);
  assert.throws(() => requireSame({ [name]: `${code}0` }), {
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
