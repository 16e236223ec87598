const fs = require('node:fs');
const path = require('node:path');
const { pipeline } = require('node:stream/promises');
const { createBrotliDecompress } = require('node:zlib');
const { run } = require('../tools/command');
const { inProject } = require('../tools/project');

/** Archives of the npm package; the libraries are those that small systems lack, such as libnss3. */
const packed = (/** @type {string} */ name) => inProject('node_modules/@sparticuz/chromium/bin', name);
const [PROGRAM, LIBRARIES] = [packed('chromium.br'), packed('al2023.tar.br')];

/**
 * Where it is unpacked. The package itself would unpack to the shared temporary folder, where another user could have put a program
 * of that name.
 */
const unpacked = () => {
  const { size, mtimeMs } = fs.statSync(PROGRAM);
  return inProject('node_modules/.cache/chromium', `${size}-${Math.floor(mtimeMs)}`);
};

/**
 * How Chromium is started that lies in a folder.
 * @type {(folder?: string) => { executablePath: string, env: Record<string, string | undefined> }}
 */
const chromiumIn = (folder = unpacked()) => {
  const libraries = [path.join(folder, 'lib'), process.env.LD_LIBRARY_PATH ?? []].flat().join(':');
  return {
    executablePath: path.join(folder, 'chromium'),
    env: { ...process.env, LD_LIBRARY_PATH: libraries },
  };
};

/** Whether the package's Chromium runs on a machine. @type {(machine?: { platform: string, arch: string }) => boolean} */
const runsPacked = ({ platform, arch } = process) => platform === 'linux' && arch === 'x64';

/** Whether figures are drawn by the package's Chromium, which draws the same everywhere. @type {(env?: NodeJS.ProcessEnv) => boolean} */
const drawsAlike = (env = process.env) => !env.PETERREC_CHROMIUM && runsPacked();

/** Programs of installed browsers, by system. @type {(platform: string, path: string) => string[]} */
const installed = (platform, folders) =>
  platform === 'darwin'
    ? ['Google Chrome', 'Chromium', 'Microsoft Edge'].map(
        (name) => `/Applications/${name}.app/Contents/MacOS/${name}`,
      )
    : ['google-chrome', 'chromium', 'chromium-browser', 'microsoft-edge'].flatMap((name) =>
        folders.split(':').map((folder) => path.join(folder, name)),
      );

/**
 * How a browser is started: the one that PETERREC_CHROMIUM names, else the packed one, else an installed one; empty if there is none.
 * @type {(env?: NodeJS.ProcessEnv, machine?: { platform: string, arch: string }) => Partial<ReturnType<typeof chromiumIn>>}
 */
function browserFor(env = process.env, machine = process) {
  if (env.PETERREC_CHROMIUM) return { executablePath: env.PETERREC_CHROMIUM };
  if (runsPacked(machine)) return chromiumIn();
  const executablePath = installed(machine.platform, env.PATH ?? '').find((file) => fs.existsSync(file));
  return executablePath ? { executablePath } : {};
}

/** Unpacks Chromium and checks that it starts: a system library may be missing. */
async function unpack() {
  const folder = unpacked();
  const partial = `${folder}.${process.pid}`;
  fs.mkdirSync(partial, { recursive: true });
  try {
    const { executablePath, env } = chromiumIn(partial);
    const [program, archive] = [executablePath, path.join(partial, 'lib.tar')];
    await unbrotli(PROGRAM, program);
    await unbrotli(LIBRARIES, archive);
    await run('tar', ['-x', '-f', archive, '-C', partial]);
    fs.rmSync(archive);
    await run(program, ['--version'], { env });
    fs.rmSync(folder, { recursive: true, force: true });
    fs.renameSync(partial, folder);
  } finally {
    fs.rmSync(partial, { recursive: true, force: true });
  }
}

/** @type {(from: string, to: string) => Promise<void>} */
const unbrotli = (from, to) =>
  pipeline(fs.createReadStream(from), createBrotliDecompress(), fs.createWriteStream(to, { mode: 0o700 }));

/** @type {(needs: readonly import('./part').Part[]) => import('./part').Part} */
const chromium = (needs) => ({
  name: 'Chromium',
  needs,
  takes: { download: 0, disk: 180 },
  ready: () => fs.existsSync(PROGRAM) && fs.existsSync(chromiumIn().executablePath),
  install: unpack,
});

module.exports = { chromium, browserFor, drawsAlike, runsPacked };
