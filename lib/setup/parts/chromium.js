const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { createBrotliDecompress } = require('node:zlib');
const { PACKED, unpackedChromium } = require('../tools/chromium');
const { run } = require('../tools/command');

/** Unpacks the Chromium that npm installed and checks that it starts: a system library may be missing. */
async function unpack() {
  const executable = unpackedChromium();
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
  takes: { download: 0, disk: 180 },
  ready: () => fs.existsSync(PACKED) && fs.existsSync(unpackedChromium()),
  install: unpack,
});

module.exports = { chromium };
