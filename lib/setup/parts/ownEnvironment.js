const { run, told } = require('../tools/command');
const { withSetUpLock } = require('../tools/lock');
const { inProject, python, sitePackages } = require('../tools/project');
const { hasAllOf, isWhole, listed } = require('./pythonPackages');

/**
 * A Python environment beside the project's own, for packages that conflict with it or that few need; made at first use, after a line
 * that says how large it is. Its packages are those of a list in lib/setup/requirements, by default a complete one of wheels.
 * @param {{ what: string, list: string, pip?: readonly string[], size: string }} of
 */
function ownEnvironment({ what, list, pip = ['--no-deps', '--only-binary', ':all:'], size }) {
  const file = listed(list);
  const folder = `.venv-${list}`;
  const own = inProject(folder, 'bin/python');
  const ready = () => isWhole(own) && hasAllOf(file, sitePackages(folder));

  /** @type {(say: (line: string) => void) => Promise<void>} */
  const setUp = async (say) => {
    if (ready()) return;
    await withSetUpLock(say, async () => {
      if (ready()) return;
      say(`Installing ${what} into ${folder}: ${size}`);
      try {
        await run(python, ['-m', 'venv', '--clear', inProject(folder)]);
        await run(own, ['-I', '-m', 'pip', 'install', ...pip, '--requirement', file]);
      } catch (error) {
        throw told(what, error);
      }
    });
  };
  return { python: own, ready, setUp };
}

const peer = ownEnvironment({
  what: 'PyTorch, the peer of the benchmarks,',
  list: 'bench',
  pip: ['--only-binary', ':all:'],
  size: '0.2 GB to download and 0.8 GB on disk, several GB of each where pip finds only a build of PyTorch with CUDA',
});

/** Snakemake with its Slurm executor: a complete list. The wheel of connection-pool is broken, its source is not. */
const snakemake = ownEnvironment({
  what: 'Snakemake, which brings a plan to a cluster,',
  list: 'cluster',
  pip: ['--no-deps', '--no-binary', 'connection-pool'],
  size: '0.1 GB to download and 0.3 GB on disk; Python 3.11 or newer',
});

/** Runtime of ONNX, for the tests. */
const onnx = ownEnvironment({
  what: 'the runtime of ONNX, which tests exported models,',
  list: 'onnx',
  size: '60 MB to download and 0.2 GB on disk; Python 3.11 or newer',
});

/** pandas, SciPy and readers of RO-Crate, for the tests. */
const opinion = ownEnvironment({
  what: 'pandas, SciPy and roc-validator, which test packed sets,',
  list: 'opinion',
  size: '0.1 GB to download and 0.6 GB on disk; Python 3.11 or newer',
});

module.exports = { peer, snakemake, onnx, opinion };
