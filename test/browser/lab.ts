/** JupyterLab as `npm start` starts it, with one notebook open, for one test file. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import fs from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable } from 'node:stream';
import { after, before } from 'node:test';
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { browserFor } from '../../lib/setup/parts/chromium';
import { inProject } from '../../lib/setup/tools/project';
import { readNotebook } from '../notebooks/notebook';

const browser = browserFor() as { executablePath?: string; env?: Record<string, string> };

/** What is not installed, which is nothing after set-up. */
export function missing(): string | false {
  if (!fs.existsSync(inProject('.venv/bin/jupyter-lab'))) return 'JupyterLab is not installed';
  return fs.existsSync(browser.executablePath ?? '') ? false : 'no browser is here';
}

/** Whether the last cell's run is in the file, which JupyterLab may be writing at this moment. */
export function isSaved(file: string): boolean {
  try {
    return readNotebook(file).cells.at(-1)?.execution_count !== null;
  } catch {
    return false;
  }
}

/** A process, and the address at which it opens a file of the project. */
type Lab = { readonly process: ChildProcess; readonly open: (file: string) => string };

/** A notebook of code cells by their sources. */
export const notebookOf = (sources: readonly string[]) => ({
  cells: sources.map((source, i) => ({
    ...{ cell_type: 'code', id: `cell-${i}`, source },
    ...{ metadata: {}, outputs: [], execution_count: null },
  })),
  metadata: { kernelspec: { name: 'tslab', display_name: 'TypeScript', language: 'typescript' } },
  ...{ nbformat: 4, nbformat_minor: 5 },
});

/** What a test sees and has: the page that shows the notebook, and the folder that it lies in. */
type Sight = {
  readonly folder: string;
  readonly file: string;
  lab: Lab;
  browser: Browser;
  context: BrowserContext;
  page: Page;
  /** Texts of dialogs that pages have opened. */
  readonly dialogs: string[];
  /** Addresses that pages have asked for. */
  readonly asked: string[];
  readonly open: (file?: string, within?: BrowserContext) => Promise<Page>;
  readonly picture: (name: string) => Promise<unknown>;
};

/** Opens the notebook that `write` makes, for the tests of a file; screenshots stay. */
export function inLab(write: (folder: string) => object): Sight {
  fs.mkdirSync(inProject('figures/runs'), { recursive: true });
  /** JupyterLab opens files of the project only; git ignores those in here. */
  const folder = fs.mkdtempSync(inProject('figures/runs/browser-test-'));
  const screenshots = fs.mkdtempSync(path.join(os.tmpdir(), 'jupyterlab-screenshots-'));
  const sight = {
    folder,
    file: path.join(folder, 'notebook.ipynb'),
    dialogs: [] as string[],
    asked: [] as string[],
    open: async (file = sight.file, within = sight.context) => {
      const page = await within.newPage();
      page.setDefaultTimeout(60_000);
      page.on('dialog', (dialog) => {
        sight.dialogs.push(dialog.message());
        return dialog.dismiss();
      });
      await page.goto(file.startsWith('file:') ? file : sight.lab.open(file));
      return page;
    },
    picture: (name: string) => sight.page.screenshot({ path: path.join(screenshots, `${name}.png`) }),
  } as Sight;
  before(async () => {
    fs.writeFileSync(sight.file, JSON.stringify(write(folder)));
    sight.lab = await startLab(path.join(folder, 'lab'));
    sight.browser = await chromium.launch({ ...browser, args: ['--no-sandbox'] });
    sight.context = await sight.browser.newContext({ viewport: { width: 1280, height: 900 } });
    sight.context.on('request', (request) => sight.asked.push(request.url()));
    sight.page = await sight.open();
  });
  after(async () => {
    // Where a test failed the page is still open and shows why.
    await sight.picture('last').catch(() => undefined);
    await sight.browser?.close();
    if (sight.lab) await stopLab(sight.lab);
    fs.rmSync(folder, { recursive: true });
    console.log(`Screenshots: ${screenshots}`);
  });
  return sight;
}

/** Starts it on a free port; what a user arranges in JupyterLab goes to `scratch`, so it looks as on the first day. */
async function startLab(scratch: string): Promise<Lab> {
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
  await once(probe.close(), 'close');
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
