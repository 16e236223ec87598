const fs = require('node:fs');
const path = require('node:path');
const { run } = require('../tools/command');
const { withLock } = require('../tools/lock');
const { cache, inProject, python, sitePackages } = require('../tools/project');
const { hasAllOf } = require('./pythonPackages');
const { SetupError, explain } = require('../tools/remedies');

const ENVIRONMENT = '.venv-bench';
const REQUIREMENTS = path.join(__dirname, '../requirements/bench.txt');

/** The interpreter that runs the benchmarks' peer. */
const peerPython = inProject(ENVIRONMENT, 'bin/python');

/** Is PyTorch there? */
const peerReady = () => fs.existsSync(peerPython) && hasAllOf(REQUIREMENTS, sitePackages(ENVIRONMENT));

const SIZE =
  '0.2 GB to download and 0.8 GB on disk, several GB of each where pip finds only a build of PyTorch with CUDA';

/**
 * Installs PyTorch where it is missing, after a line that says how large it is.
 * @param {(line: string) => void} say
 */
async function setUpPeer(say) {
  if (peerReady()) return;
  await withLock(
    path.join(cache, 'lock'),
    () => say('Another set-up is at work in this folder; waiting for it.'),
    async () => {
      if (peerReady()) return;
      say(`Installing PyTorch into ${ENVIRONMENT}, the peer of the benchmarks: ${SIZE}`);
      await install();
    },
  );
}

async function install() {
  try {
    await run(python, ['-m', 'venv', '--clear', inProject(ENVIRONMENT)]);
    const pip = ['-m', 'pip', 'install', '--only-binary', ':all:', '--requirement', REQUIREMENTS];
    await run(peerPython, pip);
  } catch (error) {
    throw new SetupError(`PyTorch: ${error instanceof SetupError ? error.message : explain(String(error))}`);
  }
}

module.exports = { peerPython, peerReady, setUpPeer };
