/** Any declaration and any line of options is a valid plan or a clear error. */
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { inspect } from 'node:util';
import { commands } from '../../lib/cli/declarations/commands';
import { readOptions } from '../../lib/cli/options/options';
import { UsageError } from '../../lib/cli/options/paths';
import { requireDeclared } from '../../lib/methods/declared';
import type { Experiment } from '../../lib/methods/experiment';
import { causal, nonCausal } from '../../lib/methods/family';
import { opponents, untrained } from '../../lib/methods/opponents';
import { choices, vary } from '../../lib/methods/vary';
import { below, random } from '../../lib/random';
import { planOf, unitsOf } from '../../lib/runs/plan';
import { UserError } from '../../lib/userError';
import { folderWith } from '../datasets/folders';
import { everywhere, options } from '../runs/tinyRun';

/** Declarations and lines that are tried: 10,000 with PETERREC_RANDOM=10000. */
const TRIED = Number(process.env.PETERREC_RANDOM ?? 500);

const shipped: readonly Experiment[] = [
  ...Object.values(causal),
  ...Object.values(nonCausal),
  ...Object.values(opponents),
  ...untrained,
];

test('every experiment that is shipped is one', () => {
  const varied = choices.map(([, changes]) => vary(causal.PeterRec, changes));
  for (const experiment of [...shipped, ...varied]) requireDeclared(experiment);
});

const { PeterRec, FineAll } = causal;
const refusals: readonly (readonly [unknown, string])[] = [
  [
    { ...PeterRec, tuned: 'patches' },
    'PeterRec: tuned "patches": Invalid option: expected one of "everything"',
  ],
  [
    { ...FineAll, tuned: 'patches and classifier' },
    'FineAll: tuned "patches and classifier": expected patches, found none',
  ],
  [{ ...PeterRec, patches: { ...PeterRec.patches, squeeze: 0 } }, 'PeterRec: patches.squeeze 0: Too small'],
  [
    { ...PeterRec, patches: { ...PeterRec.patches, perBlock: 3 } },
    'PeterRec: patches.perBlock 3: Invalid option',
  ],
  [{ ...PeterRec, representation: undefined }, 'PeterRec: representation undefined: Invalid option'],
  [
    { ...PeterRec, loss: 'papers' },
    'PeterRec: loss "papers": Invalid option: expected one of "paper"|"authors"|"cross-entropy"|"bpr over all", or own.loss(…)',
  ],
  [
    {
      ...PeterRec,
      loss: { own: 'loss', name: 'authors', functions: { loss: { source: 'x', imports: [] } } },
    },
    "PeterRec: loss { own: 'loss', name: 'authors'",
  ],
  [{ ...PeterRec, tuned: { own: 'loss', name: 'x', functions: {} } }, 'PeterRec: tuned { own: '],
  [{ ...PeterRec, rate: 1 }, 'PeterRec: Unrecognized key: "rate"'],
  [{ ...opponents.NeuFM, model: 'NeuMF' }, 'NeuFM: model "NeuMF": Invalid option'],
  [{ ...PeterRec, kind: 'finetuning' }, 'PeterRec: kind "finetuning": Invalid'],
];
for (const [found, beginning] of refusals) {
  test(`${beginning} … is said`, () =>
    assert.throws(
      () => requireDeclared(found as Experiment),
      ({ name, message }: Error) => name === 'UserError' && message.startsWith(beginning),
    ));
}

const WRONG = [0, -1, 2.5, 1e30, Number.NaN, '', 'x', null, undefined, [], {}, true, 'none', 'causal'];

/** A shipped experiment of which some values are others. */
function mangled(stream: ReturnType<typeof random>): unknown {
  const copy = structuredClone(shipped[below(shipped.length, stream)]) as Record<string, unknown>;
  for (let changes = below(3, stream); changes >= 0; changes--) {
    const inner = copy.patches as Record<string, unknown> | null | undefined;
    const at = inner && typeof inner === 'object' && below(2, stream) === 0 ? inner : copy;
    const keys = [...Object.keys(at), 'training', 'pretraining', 'other'];
    at[keys[below(keys.length, stream)]] = WRONG[below(WRONG.length, stream)];
  }
  return copy;
}

test(`${TRIED} random declarations are plans or refused by a sentence`, () => {
  const stream = random(1, 'declarations');
  const [out, codes] = [folderWith({}), {}];
  let plans = 0;
  for (let i = 0; i < TRIED; i++) {
    const experiment = mangled(stream) as Experiment;
    try {
      const plan = planOf({ ...options, out, codes }, everywhere(experiment));
      assert.equal(
        new Set(unitsOf(plan).map(({ place }) => plan.jobs[place].keyOf(1).hash)).size,
        plan.jobs.length,
      );
      plans++;
    } catch (error) {
      assert.ok(error instanceof UserError, `${inspect(experiment)}: ${(error as Error).stack}`);
      assert.match(error.message, /: | stands twice|expected/);
    }
  }
  assert.ok(plans > 0 && plans < TRIED, `${plans} plans`);
});

const WORDS = [
  '--',
  '-',
  '--=',
  '--seeds',
  '--rq',
  'rq1',
  'rq1,rq2',
  '0',
  '3',
  '-3',
  '1e3',
  'quick',
  '--preset',
  '--data',
  'movielens-100k',
  '--out',
  '/dev/null/x',
  '--on',
  'slurm',
  'SLURM',
  '--plan',
  '--jobs',
  '--gpus',
  '--memory',
  'ü',
  '',
  ' ',
  '--plan=1',
  '--jobs=5',
];

test(`${TRIED} random lines of options are read or refused by a sentence`, async (t) => {
  const { INIT_CWD } = process.env;
  process.env.INIT_CWD = folderWith({}); // folders that are asked for are made there
  t.after(() => {
    if (INIT_CWD === undefined) delete process.env.INIT_CWD;
    else process.env.INIT_CWD = INIT_CWD;
  });
  const stream = random(2, 'options');
  let read = 0;
  for (let i = 0; i < TRIED; i++) {
    const line = Array.from({ length: below(6, stream) }, () => WORDS[below(WORDS.length, stream)]);
    try {
      const values = await readOptions(commands.sweep, line);
      assert.equal(typeof values.preset, 'string');
      read++;
    } catch (error) {
      assert.ok(error instanceof UsageError, `${JSON.stringify(line)}: ${(error as Error).stack}`);
    }
  }
  assert.ok(read > 0 && read < TRIED, `${read} lines`);
});
