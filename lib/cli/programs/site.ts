import fs from 'node:fs';
import path from 'node:path';
import { UserError } from '../../base/userError';
import { modules } from '../../notebook/tslab/declarations';
import { inProject } from '../../setup/tools/project';
import { buildSite } from '../site/site';
import { shown } from '../values';
import { runCommand } from './program';

type Options = { readonly run?: string; readonly out?: string };

/** Builds the site; ends with 1 if typedoc warns, as of a link that leads nowhere. */
async function site(options: Options): Promise<number> {
  const run = options.run ?? inProject('figures/reference');
  if (!fs.existsSync(path.join(run, 'notebooks')))
    throw new UserError(`${shown(run)} holds no notebooks/: expected the folder of a run of reproduce`);
  const out = options.out ?? inProject('figures/site');
  const warnings = await buildSite(out, run, modules());
  console.log(shown(path.join(out, 'index.html')));
  return warnings === 0 ? 0 : 1;
}

runCommand(site);
