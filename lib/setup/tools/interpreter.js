const { spawnSync } = require('node:child_process');
const { SetupError } = require('./command');

/** Interpreters to try, the system's own first. TensorFlow 2.21 has wheels for 3.10 to 3.13. */
const INTERPRETERS = ['python3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];
const FITS = 'import sys; sys.exit(not (3, 10) <= sys.version_info[:2] <= (3, 13))';

function findInterpreter() {
  const found = INTERPRETERS.find((interpreter) => spawnSync(interpreter, ['-c', FITS]).status === 0);
  if (found) return found;
  throw new SetupError(
    'Python 3.10 to 3.13 is missing: install one of them and its venv, such as python3.13 and python3.13-venv',
  );
}

module.exports = { findInterpreter };
