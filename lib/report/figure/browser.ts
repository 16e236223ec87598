import fs from 'node:fs';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { UserError } from '../../base/userError';
import { chromiumIn } from '../../setup/parts/chromium';
import { FONT_NAME, fontFace, PIXELS_PER_INCH } from './theme';

const DOTS_PER_INCH = 300;

/** After which the browser closes and lets the process end. */
const IDLE_MILLISECONDS = 2000;

/** A page to draw in, with Plotly loaded, and one to print from. */
type Pages = Readonly<Record<'plotly' | 'paper', Page>>;
type Session = Pages & { readonly browser: Browser };

/** How the Chromium is started that set-up unpacked; throws a UserError where it is not there. */
export function unpackedChromium() {
  const { executablePath, env } = chromiumIn();
  if (!fs.existsSync(executablePath)) throw new UserError('Chromium is not unpacked: run npm run setup');
  return { executablePath, env: env as Record<string, string> };
}

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
async function startSession(): Promise<Session> {
  const { chromium } = await import('playwright-core'); // takes a third of a second
  const browser = await chromium
    .launch({
      ...unpackedChromium(),
      args: ['--no-sandbox', '--font-render-hinting=none'],
      ...{ handleSIGINT: false, handleSIGTERM: false, handleSIGHUP: false },
    })
    .catch((error: Error) => {
      throw new UserError(launchFailure(error.message));
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
  return `Chromium does not start, so no figure can be drawn: ${reason.trim()}`;
}

/** Plotly measures text when it draws, so the font must be there before. */
async function plotlyPage(context: BrowserContext): Promise<Page> {
  const page = await context.newPage();
  await page.setContent(`<style>${fontFace()}</style><div id="figure"></div>`);
  await page.addScriptTag({ path: require.resolve('plotly.js-dist') });
  await page.evaluate(`document.fonts.load('8pt ${FONT_NAME}').then(() => undefined)`);
  return page;
}
