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
const unpackedChromium = () => {
  const { size, mtimeMs } = fs.statSync(PACKED);
  return inProject('node_modules/.cache/chromium', `chromium-${size}-${Math.floor(mtimeMs)}`);
};

/** Unpacks Chromium and checks that it starts: a system library may be missing. */
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

/** @type {(needs: readonly import('./part').Part[]) => import('./part').Part} */
const chromium = (needs) => ({
  name: 'Chromium',
  needs,
  takes: { download: 0, disk: 180 },
  ready: () => fs.existsSync(PACKED) && fs.existsSync(unpackedChromium()),
  install: unpack,
});

module.exports = { chromium, unpackedChromium };
