const { inProject, readIfThere, writeAtomically } = require('../tools/project');

/** Jupyter's description of the TypeScript kernel. Stop is a signal to the kernel itself. */
const KERNEL = {
  argv: [process.execPath, inProject('lib/notebook/tslab/kernel.js'), '{connection_file}'],
  display_name: 'TypeScript',
  language: 'typescript',
  interrupt_mode: 'signal',
  env: { TF_CPP_MIN_LOG_LEVEL: '2' },
};

/** JupyterLab neither asks about news nor looks for updates. */
const LAB_SETTINGS = {
  '@jupyterlab/apputils-extension:notification': { fetchNews: 'false', checkForUpdates: false },
};

/** Notebooks as HTML: a figure's caption, which its plain text gives after its name, becomes the alternative text. */
const EXPORT_TEMPLATE = `{%- extends 'lab/index.html.j2' -%}
{%- block data_svg scoped -%}
<div class="jp-RenderedSVG jp-OutputArea-output {{ extra_class }}" data-mime-type="image/svg+xml">
<img src="data:image/svg+xml;base64,{{ output.data['image/svg+xml'] | text_base64 }}"
  alt="{{ output.data['text/plain'].split(': ', 1) | last | escape_html }}">
</div>
{%- endblock data_svg -%}
`;
const TEMPLATE_NAME = 'with-captions';

/** @returns {[string, string][]} each file of the environment with its content */
const files = () => [
  ['share/jupyter/kernels/tslab/kernel.json', JSON.stringify(KERNEL, null, 2)],
  ['share/jupyter/lab/settings/overrides.json', JSON.stringify(LAB_SETTINGS, null, 2)],
  [`share/jupyter/nbconvert/templates/${TEMPLATE_NAME}/index.html.j2`, EXPORT_TEMPLATE],
  [
    `share/jupyter/nbconvert/templates/${TEMPLATE_NAME}/conf.json`,
    JSON.stringify({ base_template: 'lab', mimetypes: { 'text/html': true } }),
  ],
  [
    'etc/jupyter/jupyter_nbconvert_config.json',
    JSON.stringify({ HTMLExporter: { template_name: TEMPLATE_NAME } }),
  ],
];

/** @type {(needs: readonly import('./part').Part[]) => import('./part').Part} */
const typescriptKernel = (needs) => ({
  name: 'TypeScript kernel',
  needs,
  ready: () => files().every(([file, content]) => readIfThere(inProject('.venv', file)) === content),
  install: async () => {
    for (const [file, content] of files()) writeAtomically(inProject('.venv', file), content);
  },
});

module.exports = { typescriptKernel };
