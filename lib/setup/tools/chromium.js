const fs = require('node:fs');
const { inProject } = require('./project');

const PACKED = inProject('node_modules/@sparticuz/chromium/bin/chromium.br');

module.exports = { PACKED, unpackedChromium };

/**
 * Where the Chromium that npm installed is unpacked. The package itself would unpack to the shared temporary folder,
 * where another user could have put a program of that name.
 */
function unpackedChromium() {
  const { size, mtimeMs } = fs.statSync(PACKED);
  return inProject('node_modules/.cache/chromium', `chromium-${size}-${Math.floor(mtimeMs)}`);
}
