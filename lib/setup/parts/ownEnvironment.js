const fs = require('node:fs');
const { run, told } = require('../tools/command');
const { withSetUpLock } = require('../tools/lock');
const { inProject, python, sitePackages } = require('../tools/project');
const { hasAllOf, listed } = require('./pythonPackages');

/**
 * A Python environment beside the project's own, for packages that conflict with it or that few need; made at first use.
 * @param {object} of
 * @param {string} of.what the package that it is for
 * @param {string} of.folder
 * @param {string} of.requirements a list in lib/setup/requirements
 * @param {readonly string[]} of.pip options of pip
 * @param {string} of.size what is said of it before it is installed
 */
function ownEnvironment({ what, folder, requirements, pip, size }) {
  const file = listed(requirements);
  const own = inProject(folder, 'bin/python');
  const ready = () => fs.existsSync(own) && hasAllOf(file, sitePackages(folder));

  /**
   * Installs it if it is missing, after a line that says how large it is.
   * @param {(line: string) => void} say
   */
  async function setUp(say) {
    if (ready()) return;
    await withSetUpLock(say, async () => {
      if (ready()) return;
      say(`Installing ${what} into ${folder}: ${size}`);
      try {
        await run(python, ['-m', 'venv', '--clear', inProject(folder)]);
        await run(own, ['-m', 'pip', 'install', ...pip, '--requirement', file]);
      } catch (error) {
        throw told(what, error);
      }
    });
  }

  return { python: own, ready, setUp };
}

const {
  python: peerPython,
  ready: peerReady,
  setUp: setUpPeer,
} = ownEnvironment({
  what: 'PyTorch, the peer of the benchmarks,',
  folder: '.venv-bench',
  requirements: 'bench',
  pip: ['--only-binary', ':all:'],
  size: '0.2 GB to download and 0.8 GB on disk, several GB of each where pip finds only a build of PyTorch with CUDA',
});

/** Snakemake with its Slurm executor: a complete list. The wheel of connection-pool is broken, its source is not. */
const { setUp: setUpEngine } = ownEnvironment({
  what: 'Snakemake, which brings a plan to a cluster,',
  folder: '.venv-cluster',
  requirements: 'cluster',
  pip: ['--no-deps', '--no-binary', 'connection-pool'],
  size: '0.1 GB to download and 0.3 GB on disk; Python 3.11 or newer',
});

const snakemake = inProject('.venv-cluster/bin/snakemake');

module.exports = { peerPython, peerReady, setUpPeer, snakemake, setUpEngine };
