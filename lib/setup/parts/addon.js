const { spawnSync } = require('node:child_process');
const { createHash } = require('node:crypto');
const fs = require('node:fs');
const path = require('node:path');
const { run } = require('../tools/command');
const { listed, pipInstall, versionOf } = require('./pythonPackages');
const project = require('../tools/project');

const { inProject, readIfThere } = project;

const PACKAGE = inProject('node_modules/@tensorflow/tfjs-node-gpu');
const ADDON = path.join(PACKAGE, 'lib/napi-v8/tfjs_binding.node');
const BINDING = ['tfjs_backend.cc', 'tfjs_binding.cc'].map((name) => path.join(PACKAGE, 'binding', name));
/** The project's own TensorFlow kernels, which register themselves when the addon is loaded. */
const KERNELS = inProject('lib/engine/kernels');
const kernelFiles = (folder = KERNELS) =>
  project
    .namesBelow(folder)
    .map((name) => path.join(folder, name))
    .filter((file) => fs.statSync(file).isFile());

/** kernels/session.cc has the function that takes the place of TensorFlow's. */
const OWN_SESSIONS = '-DTF_NewSessionOptions=PeterrecSessionOptions';
const OPTIONS = ['-std=c++17', '-O2', '-fPIC', '-pthread', '-Wno-psabi', '-DNAPI_VERSION=8', OWN_SESSIONS];
/** For the compiler from PyPI, which compiles for the processor at hand unless told otherwise. */
const FOR_ANY_PROCESSOR = '-mcpu=baseline';

/** Versions, options and sources that decide the compiled addon. */
function fingerprint() {
  const manifest = readIfThere(path.join(PACKAGE, 'package.json'));
  return JSON.stringify({
    package: manifest && JSON.parse(manifest).version,
    tensorflow: versionOf('tensorflow') ?? versionOf('tensorflow-cpu'),
    library: path.relative(PACKAGE, tensorflowFolder()),
    options: [...OPTIONS, FOR_ANY_PROCESSOR],
    kernels: kernelDigests(KERNELS),
  });
}

/**
 * SHA-256 of each source of kernels, without comments and blanks, by its path from their folder.
 * @type {(folder: string) => Readonly<Record<string, string>>}
 */
function kernelDigests(folder) {
  const digest = (/** @type {string} */ file) => {
    const code = fs.readFileSync(file, 'utf8').replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
    return createHash('sha256').update(code.replace(/\s+/g, ' ').trim()).digest('hex');
  };
  return Object.fromEntries(kernelFiles(folder).map((file) => [path.relative(folder, file), digest(file)]));
}

/** Digests of the sources that the addon was compiled from. @returns {Readonly<Record<string, string>>} */
const compiledKernels = () => JSON.parse(readIfThere(`${ADDON}.txt`) ?? '{}').kernels ?? {};

const tensorflowFolder = () => path.join(project.sitePackages() ?? '', 'tensorflow');

/** The oldest g++ that knows the instructions for bfloat16, and an Apple clang with C++17. */
const OLDEST = 11;

/** The system's compiler, or the C++ compiler that pip can install anywhere. */
async function compiler() {
  const own = process.platform === 'darwin' ? 'clang++' : 'g++';
  const { stdout } = spawnSync(own, ['-dumpversion'], { encoding: 'utf8' });
  if (Number.parseInt(stdout, 10) >= OLDEST) return [own];
  await pipInstall(listed('compiler'));
  return [project.python, '-m', 'ziglang', 'c++', FOR_ANY_PROCESSOR];
}

/**
 * A compiler's arguments for the addon of a system, with the folder of TensorFlow there. The addon finds TensorFlow's libraries by a path
 * from itself: a moved project needs no new compilation.
 * @type {(platform: string, tensorflow: string, to: string) => string[]}
 */
function compilation(platform, tensorflow, to) {
  const isMac = platform === 'darwin';
  const headers = inProject('node_modules/node-api-headers/include');
  const beside = `${isMac ? '@loader_path' : '$ORIGIN'}/${path.relative(path.dirname(to), tensorflow)}`;
  return [
    ...OPTIONS,
    ...[path.join(tensorflow, 'include'), headers, PACKAGE].map((folder) => `-I${folder}`),
    ...BINDING,
    ...kernelFiles().filter((file) => file.endsWith('.cc')),
    ...(isMac ? ['-undefined', 'dynamic_lookup'] : []), // Node's symbols are found when it loads the addon
    ...['-shared', `-Wl,-rpath,${beside}`, '-o', to],
    ...['cc', 'framework'].map((name) =>
      path.join(tensorflow, `libtensorflow_${name}.${isMac ? '2.dylib' : 'so.2'}`),
    ),
  ];
}

/** Compiles the addon, loads it in a process of its own, and only then puts it in place. */
async function compile() {
  const partial = `${ADDON}.${process.pid}.node`;
  fs.mkdirSync(path.dirname(ADDON), { recursive: true });
  const [command, ...args] = await compiler();
  args.push(...compilation(process.platform, tensorflowFolder(), partial));
  try {
    const env = { ...process.env, ZIG_GLOBAL_CACHE_DIR: inProject('.cache/zig') };
    await run(command, args, { env });
    await run(process.execPath, ['--eval', `require(${JSON.stringify(partial)})`]);
    fs.rmSync(`${ADDON}.txt`, { force: true });
    fs.renameSync(partial, ADDON);
    project.writeAtomically(`${ADDON}.txt`, fingerprint());
  } finally {
    fs.rmSync(partial, { force: true });
  }
}

/** @type {(needs: readonly import('./part').Part[]) => import('./part').Part} */
const addon = (needs) => ({
  name: 'TensorFlow addon',
  needs,
  ready: () => fs.existsSync(ADDON) && readIfThere(`${ADDON}.txt`) === fingerprint(),
  install: compile,
});

/** danfojs-node asks for tfjs-node; as a link to tfjs-node-gpu both are one engine. */
const LINK = inProject('node_modules/@tensorflow/tfjs-node');

/** @type {(needs: readonly import('./part').Part[]) => import('./part').Part} */
const sharedEngine = (needs) => ({
  name: 'shared engine',
  needs,
  ready: () => fs.existsSync(LINK) && fs.realpathSync(LINK) === fs.realpathSync(PACKAGE),
  install: () => {
    fs.rmSync(LINK, { recursive: true, force: true });
    fs.symlinkSync(path.basename(PACKAGE), LINK);
  },
});

module.exports = { addon, sharedEngine, compilation, KERNELS, kernelDigests, compiledKernels };
