import { inProject } from '../../setup/tools/project';

/**
 * The environment of every Jupyter program. Its settings, its kernels and its run-time files stay inside the project:
 * the user's own Jupyter neither changes it nor is changed.
 */
export function jupyterEnvironment(): NodeJS.ProcessEnv {
  return {
    ...process.env,
    JUPYTER_CONFIG_DIR: inProject('.cache/jupyter/config'),
    JUPYTER_DATA_DIR: inProject('.cache/jupyter/data'),
    JUPYTER_RUNTIME_DIR: inProject('.cache/jupyter/runtime'),
  };
}
