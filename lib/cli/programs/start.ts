import { inProject, python } from '../../setup/tools/project';
import { runChild } from '../child';
import { jupyterEnvironment } from '../jupyter/environment';
import { runCommand } from './runCommand';

interface Options {
  readonly port: number;
  readonly 'no-browser'?: boolean;
}

/**
 * Opens JupyterLab with the project as its root, so that lib/ and figures/ are in its file browser too.
 * The port was free a moment ago; should it be taken now, JupyterLab must not silently move to the next one.
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
  const browser = options['no-browser'] || isToldToNpm() ? ['--no-browser'] : [];
  return runChild(python, ['-m', 'jupyterlab', ...settings, ...asRoot, ...browser], jupyterEnvironment());
}

/** Whether `--no-browser` stood before npm's `--`, or in its settings: npm's own option means the same. */
const isToldToNpm = () => process.env.npm_config_browser === '';

runCommand(start);
