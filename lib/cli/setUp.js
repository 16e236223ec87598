const { areThere, makeDeclarations } = require('../notebook/tslab/declarations');
const { addon, sharedEngine } = require('../setup/parts/addon');
const { chromium, runsPacked } = require('../setup/parts/chromium');
const { typescriptKernel } = require('../setup/parts/kernelSpec');
const { embedded, embeddedData } = require('../setup/parts/movielens');
const { npmPackages } = require('../setup/parts/npmPackages');
const { jupyter, pythonEnvironment, tensorflow } = require('../setup/parts/pythonPackages');
const { SetupError, run, told } = require('../setup/tools/command');
const { withSetUpLock } = require('../setup/tools/lock');
const { readIfThere } = require('../setup/tools/project');

/**
 * @typedef {import('../setup/parts/part').Part} Part
 * @typedef {'auto' | 'cpu' | 'gpu'} Device
 */

/** Data set of commands and notebooks when none is named. */
const ALWAYS = 'movielens-100k';

/**
 * All that the commands need, each part after those it needs. Data are fetched when a command first names them.
 * @type {(device: Device, data?: string) => Part[]}
 */
function partsFor(device, data) {
  const library = tensorflow(device);
  const notebooks = jupyter(library);
  /** Types that a kernel checks cells against: it updates them when it starts; the first time takes long. */
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
    ...(runsPacked() ? [chromium([npmPackages])] : []),
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
 * @type {(command: string, args: readonly string[], found: string) => Promise<unknown>}
 */
const requireGpu = (command, args, found) =>
  run(command, args).catch(() => {
    throw new SetupError(`--device gpu: ${found}; update the NVIDIA driver or use --device cpu`);
  });

/** Installs what is missing; quiet and quick when nothing is. @type {(device: Device, data?: string) => Promise<void>} */
async function setUp(device, data) {
  requireSupportedPlatform();
  const isGpu = device === 'gpu';
  if (isGpu && process.arch !== 'x64')
    throw new SetupError("--device gpu: TensorFlow's wheels with CUDA are for x86-64; use --device cpu");
  if (isGpu) await requireGpu('nvidia-smi', ['--list-gpus'], 'nvidia-smi finds no NVIDIA GPU here');
  // Under the lock they are asked anew: another set-up may have installed the other TensorFlow meanwhile.
  if (!partsFor(device, data).every((part) => part.ready()))
    await withSetUpLock(console.log, () => installMissing(partsFor(device, data)));
  if (isGpu)
    await requireGpu(process.execPath, ['--eval', ASK_TENSORFLOW], 'TensorFlow does not find the GPU');
}

/** Prints one line a part and returns whether all are ready. @type {(device: Device) => boolean} */
function checkSetUp(device) {
  requireSupportedPlatform();
  const states = partsFor(device).map((part) => ({ name: part.name, ready: part.ready() }));
  for (const { name, ready } of states) console.log(`${name}: ${ready ? 'ready' : 'missing'}`);
  return states.every(({ ready }) => ready);
}

const SYSTEM = 'Linux or WSL2 on x86-64 or ARM64, or macOS on Apple silicon';

/** What a machine is called that is refused, and the remedy. @type {Readonly<Record<string, string>>} */
const REFUSED = {
  'linux on arm': '32-bit ARM; install a 64-bit system and Node for arm64',
  'darwin on x64':
    'macOS on Intel, whose wheels of TensorFlow ended; on Apple silicon install Node for arm64',
  'win32 on x64': 'Windows; use WSL2',
};

/**
 * Throws a SetupError for a machine on which nothing runs.
 * @param {{ readonly platform: string, readonly arch: string }} machine
 * @param {string | undefined} processors as in /proc/cpuinfo
 */
function requireSupportedPlatform({ platform, arch } = process, processors = readIfThere('/proc/cpuinfo')) {
  const machine = `${platform} on ${arch}`;
  if (!['linux on x64', 'linux on arm64', 'darwin on arm64'].includes(machine))
    throw new SetupError(`${SYSTEM} is needed, this is ${REFUSED[machine] ?? machine}`);
  const [flags] = /^flags\s*:.*$/m.exec(processors ?? '') ?? [];
  if (flags && !/\bavx\b/.test(flags))
    throw new SetupError('TensorFlow needs a processor with AVX, which this one does not have');
}

/** Megabytes that 100 Mbit/s bring in a minute. */
const PER_MINUTE = 750;

/**
 * Cost of an installation for the user; empty if nothing is downloaded. Compiling and unpacking take a minute.
 * @type {(parts: readonly Part[]) => string}
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
 * Installs each part as soon as those it needs are ready. After a failure the parts under way still finish, so that the next run has
 * less to do; then the first failure is thrown.
 * @type {(parts: readonly Part[]) => Promise<void>}
 */
async function installMissing(parts) {
  const missing = parts.filter((part) => !part.ready());
  if (missing.length === 0) return;
  console.log(`Setting up what is missing: ${missing.map(({ name }) => name).join(', ')}${costOf(missing)}`);
  /** @type {Map<Part, Promise<void>>} */
  const ready = new Map();
  /** @type {(part: Part) => Promise<void>} */
  const installed = async (part) => {
    await Promise.all(part.needs.map((need) => ready.get(need)));
    if (!part.ready()) await installOne(part);
  };
  for (const part of parts) ready.set(part, installed(part));
  await Promise.allSettled(ready.values());
  await Promise.all(ready.values());
}

/** @type {(part: Part) => Promise<void>} */
async function installOne(part) {
  const start = performance.now();
  try {
    await part.install();
  } catch (error) {
    throw told(part.name, error);
  }
  console.log(`Set up ${part.name} in ${((performance.now() - start) / 1000).toFixed(1)} s`);
}

module.exports = { setUp, checkSetUp, installMissing, requireSupportedPlatform };
