import type { Browser, BrowserContext, Page } from 'playwright-core';
import { UserError } from '../../base/userError';
import { browserFor } from '../../setup/parts/chromium';
import { run } from '../../setup/tools/command';
import { inProject } from '../../setup/tools/project';
import { FONT_NAME, fontFace, PIXELS_PER_INCH } from './theme';

const DOTS_PER_INCH = 300;

/** After which the browser closes and lets the process end. */
const IDLE_MILLISECONDS = 2000;

/** A page to draw in, with Plotly loaded, and one to print from. */
type Pages = Readonly<Record<'plotly' | 'paper', Page>>;
type Session = Pages & { readonly browser: Browser };

/** No browser starts; it was said, and all else goes on. */
export class NoBrowser extends UserError {}
let missing: NoBrowser | undefined;

/** One browser a process; its users take turns. */
let session: Promise<Session> | undefined;
let turn: Promise<unknown> = Promise.resolve();
let idle: NodeJS.Timeout | undefined;

/** Does work with the pages of the process's one browser, which starts on demand and closes when idle. */
export function withPages<T>(work: (pages: Pages) => Promise<T>): Promise<T> {
  const result = turn.then(async () => {
    clearTimeout(idle);
    session ??= startSession();
    try {
      return await work(await session);
    } catch (error) {
      await closeSession();
      throw error;
    } finally {
      idle = setTimeout(closeBrowser, IDLE_MILLISECONDS);
    }
  });
  turn = result.catch(() => undefined);
  return result;
}

/** Closes the browser now instead of after its idle time. */
export function closeBrowser(): Promise<void> {
  const closed = turn.then(closeSession);
  turn = closed;
  return closed;
}

async function closeSession(): Promise<void> {
  clearTimeout(idle);
  const closing = session;
  session = undefined;
  const started = await closing?.catch(() => undefined);
  await started?.browser.close();
}

/**
 * Signals stay with the process: the kernel's Stop is a SIGINT, at which Playwright would end the kernel.
 * Without a sandbox, since containers and some distributions forbid it; the pages hold our own figures, offline.
 */
async function launch(): Promise<Browser> {
  const { chromium } = await import('playwright-core'); // takes a third of a second
  const found = browserFor() as { executablePath?: string; env?: Record<string, string> };
  const start = () =>
    chromium.launch({
      ...found,
      args: ['--no-sandbox', '--font-render-hinting=none'],
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    });
  return found.executablePath ? start() : start().catch(() => download().then(start));
}

/** Fetches Playwright's own Chromium, into its cache. */
function download(): Promise<string> {
  console.log(
    'No Chrome, Chromium or Edge is here: fetching one for figures, 120 MB to download and 300 MB of disk.',
  );
  const cli = inProject('node_modules/playwright-core/cli.js');
  return run(process.execPath, [cli, 'install', '--only-shell', 'chromium']);
}

async function startSession(): Promise<Session> {
  if (missing) throw missing;
  const browser = await launch().catch((error: Error) => {
    missing = new NoBrowser(launchFailure(error.message));
    console.log(missing.message);
    throw missing;
  });
  const context = await browser.newContext({
    offline: true,
    deviceScaleFactor: DOTS_PER_INCH / PIXELS_PER_INCH,
  });
  return { browser, plotly: await plotlyPage(context), paper: await context.newPage() };
}

/** The line of Playwright's long report that names a missing system library, or else the first. */
function launchFailure(report: string): string {
  const lines = report.split('\n');
  const reason = lines.find((line) => line.includes('error while loading shared libraries')) ?? lines[0];
  return `No figure is drawn, since no browser starts: ${reason.trim()}; PETERREC_CHROMIUM can name a Chrome, Chromium or Edge`;
}

/** Plotly measures text when it draws, so the font must be there before. */
async function plotlyPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setContent(`<style>${fontFace()}</style><div id="figure"></div>`);
  await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  await page.evaluate(`document.fonts.load('8pt ${FONT_NAME}').then(() => undefined)`);
  return page;
}
