/** Peak memory of each way of tuning, a few steps each in a process of its own: this file, when it is started with a method. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { fingerprint } from '../../../base/fingerprint';
import { Damaged, readSealed, setAside, writeSealed } from '../../../base/sealed';
import { openDataset } from '../../../data/open';
import { codeFingerprint } from '../../methods/code/code';
import type { FineTuning } from '../../methods/experiment';
import { identityOf } from '../../methods/identity';
import type { Preset } from '../../methods/presets';
import { fineTuningRecipe } from '../../recipes/finetune';
import { tuningOf } from '../../recipes/settings';
import { taskFingerprint } from '../declaration';
import type { Workbench } from '../workbench';

/** What a process measures. */
type Asked = {
  readonly data: string;
  readonly preset: Preset;
  readonly task: string;
  readonly method: FineTuning;
};

/** Steps that are taken: the second and later ones hold what all do. */
const STEPS = 4;

/** Bytes of this process at most while it takes a few steps from a random trunk, beyond what it holds with the data alone. */
async function peakOf({ data, preset, task: wanted, method }: Asked): Promise<number> {
  const { tasks } = openDataset(data);
  const task = tasks.find((one) => one.name === wanted) as (typeof tasks)[number];
  const before = process.memoryUsage.rss();
  const tuning = tuningOf(task, { ...method, start: 'random' }, preset);
  const course = { ...tuning.course, steps: STEPS, evaluations: 1 };
  const recipe = fineTuningRecipe({ ...tuning, course });
  await recipe.run(1, {});
  recipe.dispose();
  return process.resourceUsage().maxRSS * 1024 - before;
}

const CODE = codeFingerprint(['experiments/runs/estimate/peakMemory.ts']);

/** Bytes by names, those of methods once all is measured. */
export type Peaks = Readonly<Record<string, number>>;

/** What was measured before; nothing where the file is damaged, which is set aside. */
function keptIn(file: string): Peaks {
  if (!fs.existsSync(file)) return {};
  try {
    return readSealed(file).peaks as Peaks;
  } catch (error) {
    if (!(error instanceof Damaged)) throw error;
    setAside(error, [file]);
    return {};
  }
}

/** What steps of each method but fused ones take on the first profile task, or else the first task; kept in OUT. */
export async function peakMemory(
  { dataset, tasks, preset, out }: Pick<Workbench, 'dataset' | 'tasks' | 'preset' | 'out'>,
  methods: readonly FineTuning[],
): Promise<Peaks> {
  const file = path.join(out, `peak-memory-${fingerprint([CODE, JSON.stringify(preset)])}.json`);
  let found = keptIn(file);
  const task = tasks.find(({ kind }) => kind === 'classify') ?? tasks[0];
  const nameOf = ({ label: _, ...method }: FineTuning) => fingerprint([taskFingerprint(task), method]);
  for (const method of methods) {
    const name = nameOf(method);
    if (method.fused || found[name] !== undefined) continue;
    const asked: Asked = { data: dataset.folder, preset, task: task.name, method };
    const args = ['--import', 'tsx', __filename, JSON.stringify(asked)];
    const env = { ...process.env, CUDA_VISIBLE_DEVICES: '-1' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    found = { ...found, [name]: Number(stdout) };
    writeSealed(file, { peaks: found });
  }
  return Object.fromEntries(methods.map((method) => [identityOf(method), found[nameOf(method)]]));
}

const [, script, asked] = process.argv;
if (script === __filename && asked)
  void peakOf(JSON.parse(asked) as Asked).then((bytes) => process.stdout.write(String(bytes)));
