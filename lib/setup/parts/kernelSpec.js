const { inProject, readIfThere, writeAtomically } = require('../tools/project');

/**
 * What Jupyter reads to start the TypeScript kernel. Stop is a signal to the kernel itself: nothing stands between.
 * @param {string} node the interpreter that runs set-up
 */
const kernelSpec = (node) => ({
  argv: [node, inProject('lib/setup/kernel/kernel.js'), '{connection_file}'],
  display_name: 'TypeScript',
  language: 'typescript',
  interrupt_mode: 'signal',
  env: { TF_CPP_MIN_LOG_LEVEL: '2' },
});

/** JupyterLab's own defaults for this project: it neither asks about news nor looks for updates. */
const LAB_SETTINGS = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

/** @returns {[string, string][]} each file with its content */
const files = () => [
  [
    inProject('.venv/share/jupyter/kernels/tslab/kernel.json'),
    JSON.stringify(kernelSpec(process.execPath), null, 2),
  ],
  [inProject('.venv/share/jupyter/lab/settings/overrides.json'), JSON.stringify(LAB_SETTINGS, null, 2)],
];

/**
 * @param {readonly import('./part').Part[]} needs
 * @returns {import('./part').Part}
 */
const typescriptKernel = (needs) => ({
  name: 'TypeScript kernel',
  needs,
  ready: () => files().every(([file, content]) => readIfThere(file) === content),
  install: async () => {
    for (const [file, content] of files()) writeAtomically(file, content);
  },
});

module.exports = { typescriptKernel, kernelSpec };
