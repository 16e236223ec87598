/** Peak memory of each way of tuning, a few steps each in a process of its own: this file, when it is started with a method. */
import { execFile } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { Damaged, readSealed, setAside, writeSealed } from '../../../base/sealed';
import { openDataset } from '../../../data/open';
import type { Task } from '../../../data/tasks/tasks';
import { codeFingerprint } from '../../methods/code/code';
import type { FineTuning } from '../../methods/experiment';
import { identityOf } from '../../methods/identity';
import { nameOf, type TrainingRecord } from '../../records/record';
import { resolveOne } from '../../resolve/resolve';
import type { Workbench } from '../../workbench/workbench';
import { train } from '../train';

/** A few steps of a record, on the data of a folder. */
type Asked = { readonly data: string; readonly record: TrainingRecord };

/** Steps that are taken: the second and later ones hold what all do. */
const STEPS = 4;

/** Bytes of this process at most while it takes a few steps, beyond what it holds with the data alone. */
async function peakOf({ data, record }: Asked): Promise<number> {
  const { tasks } = openDataset(data);
  const before = process.memoryUsage.rss();
  await train(record, tasks);
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

/** The record of a few steps of a method from a random trunk. */
function shortRecord(
  task: Task,
  method: FineTuning,
  bench: Pick<Workbench, 'data' | 'preset'>,
): TrainingRecord {
  const { record } = resolveOne(task, { ...method, start: 'random' }, bench, 1);
  return { ...record, steps: STEPS, evaluations: 1 } as TrainingRecord;
}

/** Bytes that steps of each method but fused ones take on the first profile task, or else the first task; kept in OUT. */
export async function peakMemory(
  bench: Pick<Workbench, 'dataset' | 'data' | 'tasks' | 'preset' | 'out'>,
  methods: readonly FineTuning[],
): Promise<Peaks> {
  const { dataset, tasks, out } = bench;
  const file = path.join(out, `peak-memory-${CODE}.json`);
  let found = keptIn(file);
  const task = tasks.find(({ kind }) => kind === 'classify') ?? tasks[0];
  const records = methods
    .filter(({ fused }) => !fused)
    .map((method) => ({ method, record: shortRecord(task, method, bench) }));
  for (const { record } of records) {
    const name = nameOf(record);
    if (found[name] !== undefined) continue;
    const asked: Asked = { data: dataset.folder, record };
    const args = ['--import', 'tsx', __filename, JSON.stringify(asked)];
    const env = { ...process.env, CUDA_VISIBLE_DEVICES: '-1' };
    const { stdout } = await promisify(execFile)(process.execPath, args, { env });
    found = { ...found, [name]: Number(stdout) };
    writeSealed(file, { peaks: found });
  }
  return Object.fromEntries(records.map(({ method, record }) => [identityOf(method), found[nameOf(record)]]));
}

const [, script, asked] = process.argv;
if (script === __filename && asked)
  void peakOf(JSON.parse(asked) as Asked).then((bytes) => process.stdout.write(String(bytes)));
