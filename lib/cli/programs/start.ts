import { inProject, python } from '../../setup/tools/project';
import { runChild } from '../child';
import { jupyterEnvironment } from '../jupyter/environment';
import { runCommand } from './program';

type Options = { readonly port: number; readonly 'no-browser'?: boolean };

/**
 * Opens JupyterLab with the project as its root, so that lib/ and figures/ are in its file browser too.
 * It refuses a port that is taken, rather than move to the next one.
 */
function start(options: Options): Promise<number> {
  const settings = [
    `--ServerApp.root_dir=${inProject()}`,
    '--ServerApp.ip=127.0.0.1',
    `--ServerApp.port=${options.port}`,
    '--ServerApp.port_retries=0',
    '--ServerApp.answer_yes=True',
    '--LabApp.default_url=/lab/tree/notebooks',
  ];
  const asRoot = process.getuid?.() === 0 ? ['--allow-root'] : [];
  const isToldToNpm = process.env.npm_config_browser === ''; // `--no-browser` before npm's `--`
  const browser = options['no-browser'] || isToldToNpm ? ['--no-browser'] : [];
  const args = ['-m', 'jupyterlab', ...settings, ...asRoot, ...browser];
  return runChild(python, args, { env: jupyterEnvironment() });
}

runCommand(start);
