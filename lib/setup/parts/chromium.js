const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { createBrotliDecompress } = require('node:zlib');
const { run } = require('../tools/command');
const { inProject } = require('../tools/project');

const PACKED = inProject('node_modules/@sparticuz/chromium/bin/chromium.br');

/**
 * Where the Chromium that npm installed is unpacked. The package itself would unpack to the shared temporary folder,
 * where another user could have put a program of that name.
 */
function chromiumExecutable() {
  const { size, mtimeMs } = fs.statSync(PACKED);
  return inProject('node_modules/.cache/chromium', `chromium-${size}-${Math.floor(mtimeMs)}`);
}

/** Unpacks it and sees that it starts, which it does not where a system library is missing. */
async function unpack() {
  const executable = chromiumExecutable();
  const partial = `${executable}.${process.pid}`;
  fs.mkdirSync(path.dirname(executable), { recursive: true });
  try {
    const target = fs.createWriteStream(partial, { mode: 0o700 });
    await pipeline(fs.createReadStream(PACKED), createBrotliDecompress(), target);
    await run(partial, ['--version']);
    fs.renameSync(partial, executable);
  } finally {
    fs.rmSync(partial, { force: true });
  }
}

/**
 * @param {readonly import('./part').Part[]} needs
 * @returns {import('./part').Part}
 */
const chromium = (needs) => ({
  name: 'Chromium',
  needs,
  ready: () => fs.existsSync(PACKED) && fs.existsSync(chromiumExecutable()),
  install: unpack,
});

module.exports = { chromium };
