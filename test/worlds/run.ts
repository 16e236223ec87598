import { UserError } from '../../lib/base/userError';
import { runCommand, stopSignal, terminalProgress } from '../../lib/cli/programs/program';
import { fromHere } from '../../lib/cli/values';
import type { Task } from '../../lib/data/tasks/tasks';
import { resolve } from '../../lib/experiments/resolve/resolve';
import { ofToday } from '../../lib/experiments/runs/comparable';
import { needsOf } from '../../lib/experiments/runs/estimate/memory';
import { processesFor, sideBySide } from '../../lib/experiments/runs/workers/process';
import { exportTable } from '../../lib/report/export';
import { toMarkdown } from '../../lib/report/table/formats';
import { inProject } from '../../lib/setup/tools/project';
import { areRight, type Design, designs, type Judged, judge, type WorldKind } from './worlds';
import { worldLine, worldsTable } from './worldsTable';

interface Options {
  readonly world: WorldKind | 'both';
  readonly budgets: keyof typeof designs;
  readonly seeds: number;
  /** An absolute folder. */
  readonly out?: string;
}

/** Judges the worlds one by one, both kinds in turn, and exits with 0 if enough of each kind are right. */
async function worlds({ world, budgets, seeds, ...options }: Options): Promise<number> {
  const out = options.out ?? inProject('figures/runs', budgets === 'fast' ? 'worlds' : `worlds-${budgets}`);
  const design: Design = designs[budgets];
  if (world !== 'both' && !design.kinds.includes(world))
    throw new UserError(
      `--world ${world}: expected both or one of ${design.kinds.join(', ')} with --budgets ${budgets}`,
    );
  const kinds = world === 'both' ? design.kinds : [world];
  const { preset, planned } = design;
  const signal = stopSignal();
  const judged: Judged[] = [];
  for (let seed = 1; seed <= seeds; seed++) {
    for (const kind of kinds) {
      const start = performance.now();
      const workersOn = (tasks: readonly Task[]) => {
        const jobs = resolve(planned, { data: '', tasks, preset, seeds: 1 });
        return sideBySide(processesFor(preset, needsOf(jobs, tasks)), preset.threads);
      };
      const watch = { workersOn, onProgress: terminalProgress(), signal };
      const found = await judge(out, kind, seed, design, watch);
      judged.push(found);
      console.log(`${worldLine(found, design)} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
    }
  }
  const table = worldsTable(judged, design);
  console.log(`\n${toMarkdown(table)}`);
  const from = { data: { name: 'known worlds', files: {} }, preset: preset.name, documents: ofToday(out) };
  for (const file of exportTable(table, out, from)) console.log(fromHere(file));
  return areRight(judged, design) ? 0 : 1;
}

runCommand(worlds);
