import { inProject } from '../../setup/tools/project';

/**
 * The environment of every Jupyter program: settings, kernels and run-time files stay inside the project, apart from the user's own
 * Jupyter.
 */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    PYTHONUTF8: '1', // in any locale, as Node
    JUPYTER_CONFIG_DIR: inProject('.cache/jupyter/config'),
    JUPYTER_DATA_DIR: inProject('.cache/jupyter/data'),
    JUPYTER_RUNTIME_DIR: inProject('.cache/jupyter/runtime'),
  };
}
