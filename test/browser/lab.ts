/** JupyterLab as `npm start` starts it, for one test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { chromiumExecutable } from '../../lib/report/figure/browser';
import { inProject } from '../../lib/setup/tools/project';
import { readNotebook } from '../notebooks/notebook';

/** What is not installed, which is nothing after set-up. */
export function missing(): string | false {
  if (!fs.existsSync(inProject('.venv/bin/jupyter-lab'))) return 'JupyterLab is not installed';
  try {
    chromiumExecutable();
    return false;
  } catch {
    return 'Chromium is not unpacked';
  }
}

/** Whether the last cell's run is in the file, which JupyterLab may be writing at this moment. */
export function isSaved(file: string): boolean {
  try {
    return readNotebook(file).cells.at(-1)?.execution_count !== null;
  } catch {
    return false;
  }
}

export interface Lab {
  readonly process: ChildProcess;
  /** The address of a file of the project, opened in JupyterLab. */
  readonly open: (file: string) => string;
}

/** Starts it on a free port; what a user arranges in JupyterLab goes to `scratch`, so it looks as on the first day. */
export async function startLab(scratch: string): Promise<Lab> {
  const port = await freePort();
  const command = [inProject('lib/cli/main.js'), 'start', '--no-browser', '--port', String(port)];
  const settings = {
    JUPYTERLAB_SETTINGS_DIR: path.join(scratch, 'settings'),
    JUPYTERLAB_WORKSPACES_DIR: path.join(scratch, 'workspaces'),
  };
  const child = spawn(process.execPath, command, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, ...settings },
  });
  const { origin, search } = await addressIn(child.stderr);
  const open = (file: string) => `${origin}/lab/tree/${path.relative(inProject(), file)}${search}`;
  return { process: child, open };
}

async function freePort(): Promise<number> {
  const probe = net.createServer().listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const { port } = probe.address() as net.AddressInfo;
  probe.close();
  await once(probe, 'close');
  return port;
}

/** The address with its token, which JupyterLab prints when it is ready; what it prints later is read and dropped. */
async function addressIn(log: Readable): Promise<URL> {
  const said: string[] = [];
  const lines = createInterface({ input: log });
  for await (const line of lines) {
    said.push(line);
    const [address] = line.match(/http:\/\/127\.0\.0\.1:\d+\/lab\S*token=\w+/) ?? [];
    if (address !== undefined) {
      log.resume();
      return new URL(address);
    }
  }
  throw new Error(`JupyterLab ended before it printed its address:\n${said.join('\n')}`);
}

/** Ends it by the signal that shut-downs send, kernels included; does nothing where it has ended. */
export async function stopLab({ process: child }: Lab): Promise<void> {
  if (child.exitCode !== null) return;
  child.kill('SIGTERM');
  await once(child, 'exit');
}
