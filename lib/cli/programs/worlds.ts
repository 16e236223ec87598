import path from 'node:path';
import type { World } from '../../datasets/synthetic/synthetic';
import { exportTable } from '../../report/export';
import { provenanceOf } from '../../report/provenance/provenance';
import { toMarkdown } from '../../report/table/formats';
import { ofToday } from '../../runs/comparable';
import { inProject, portable } from '../../setup/tools/project';
import { areRight, type Judged, judge } from '../../studies/worlds';
import { worldLine, worldsTable } from '../../studies/worldsTable';
import { shown } from '../options/shown';
import { runCommand } from './runCommand';

/** What `commands.js` declares for worlds, read and checked. */
interface Options {
  readonly world: World['kind'] | 'both';
  readonly seeds: number;
  /** An absolute folder. */
  readonly out?: string;
}

/** Judges the worlds one by one, and exits with 0 only where at least 95 % of each kind are right. */
async function worlds({ world, seeds, out = inProject('figures/runs/worlds') }: Options): Promise<number> {
  const kinds = world === 'both' ? (['structured', 'null'] as const) : [world];
  const judged: Judged[] = [];
  for (const kind of kinds) {
    for (let seed = 1; seed <= seeds; seed++) {
      const start = performance.now();
      const found = await judge(out, kind, seed);
      judged.push(found);
      console.log(`${worldLine(found)} (${((performance.now() - start) / 1000).toFixed(0)} s)`);
    }
  }
  const table = worldsTable(judged);
  console.log(`\n${toMarkdown(table)}`);
  const from = provenanceOf({ data: 'known worlds', preset: 'default', out: portable(out) }, ofToday(out));
  for (const file of exportTable(table, path.join(out, 'tables'), from)) console.log(shown(file));
  return areRight(judged) ? 0 : 1;
}

runCommand(worlds);
