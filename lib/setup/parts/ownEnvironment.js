const fs = require('node:fs');
const path = require('node:path');
const { run } = require('../tools/command');
const { withLock } = require('../tools/lock');
const { cache, inProject, python, sitePackages } = require('../tools/project');
const { hasAllOf } = require('./pythonPackages');
const { SetupError, explain } = require('../tools/remedies');

/**
 * An environment of Python beside the project's own, for packages that do not agree with it or that few need; made at first use.
 * @param {object} of
 * @param {string} of.what the package that it is for
 * @param {string} of.folder
 * @param {string} of.requirements a file in lib/setup/requirements
 * @param {readonly string[]} of.pip options of pip
 * @param {string} of.size what is said of it before it is installed
 */
function ownEnvironment({ what, folder, requirements, pip, size }) {
  const file = path.join(__dirname, '../requirements', requirements);
  const own = inProject(folder, 'bin/python');
  const ready = () => fs.existsSync(own) && hasAllOf(file, sitePackages(folder));

  async function install() {
    try {
      await run(python, ['-m', 'venv', '--clear', inProject(folder)]);
      await run(own, ['-m', 'pip', 'install', ...pip, '--requirement', file]);
    } catch (error) {
      throw new SetupError(
        `${what}: ${error instanceof SetupError ? error.message : explain(String(error))}`,
      );
    }
  }

  /**
   * Installs it where it is missing, after a line that says how large it is.
   * @param {(line: string) => void} say
   */
  async function setUp(say) {
    if (ready()) return;
    await withLock(
      path.join(cache, 'lock'),
      () => say('Another set-up is at work in this folder; waiting for it.'),
      async () => {
        if (ready()) return;
        say(`Installing ${what} into ${folder}: ${size}`);
        await install();
      },
    );
  }

  return { python: own, ready, setUp };
}

module.exports = { ownEnvironment };
