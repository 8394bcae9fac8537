import { writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Browser, Page } from 'puppeteer';
import type { CorpusApp, Edit } from './app.ts';
import { takeScreenshot } from './screenshots.ts';

/** Some bundle everything before they answer. */
const OPEN_DEADLINE_MS = 90_000;
const EDIT_DEADLINE_MS = 8_000;
/** Two servers' watchers look at a directory for the first time. */
const SETTLE_MS = 1_500;
/** A second reload, if there is one, comes within this. */
const AFTER_EDIT_MS = 400;

export interface Observation {
  first: string;
  /** Milliseconds from the navigation to the ready selector. */
  openMs: number;
  /** What the page printed as errors. */
  errors: string[];
  edits: EditObservation[];
}

export interface EditObservation {
  what: Edit['what'];
  shown: boolean;
  /** Milliseconds from the write to the page that shows it. */
  shownMs: number;
  reloaded: boolean;
  state: string | null;
  picture: string;
}

/** Opens an app and edits it; tells what a person would have seen. */
export async function observe(
  browser: Browser,
  app: CorpusApp,
  directory: string,
  url: string,
): Promise<Observation> {
  const context = await browser.createBrowserContext();
  try {
    const page = await context.newPage();
    await page.setViewport({ width: 1280, height: 900 });
    const errors: string[] = [];
    page.on('pageerror', (error) => errors.push(String((error as Error).message ?? error)));
    const start = performance.now();
    await page.goto(url, { timeout: OPEN_DEADLINE_MS });
    await page.waitForSelector(app.ready, { timeout: OPEN_DEADLINE_MS }).catch((error: Error) => {
      throw new Error(`${error.message} ${errors.join('; ')}`, { cause: error });
    });
    const openMs = performance.now() - start;
    await untilTrue(page, app.settled ?? 'true', OPEN_DEADLINE_MS);
    await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
    const first = await takeScreenshot(page);
    if (app.click !== undefined) await page.$eval(app.click, (element) => (element as HTMLElement).click());
    const edits: EditObservation[] = [];
    for (const edit of app.edits) edits.push(await observeEdit(page, app, directory, edit));
    return { first, openMs, errors, edits };
  } finally {
    await context.close();
  }
}

async function observeEdit(
  page: Page,
  app: CorpusApp,
  directory: string,
  edit: Edit,
): Promise<EditObservation> {
  const file = join(directory, edit.file);
  const text = await readFile(file, 'utf8');
  if (!text.includes(edit.from)) throw new Error(`${app.name}: ${edit.file} does not contain ${edit.from}`);
  await page.evaluate('window.corpusMark = true');
  const start = performance.now();
  // In one go: a bundler that finds the file empty on the way loads the page again.
  writeFileSync(file, text.replace(edit.from, edit.to));
  const shown = await untilTrue(page, edit.shows, EDIT_DEADLINE_MS);
  const shownMs = performance.now() - start;
  await new Promise((resolve) => setTimeout(resolve, AFTER_EDIT_MS));
  await page.waitForSelector(app.ready, { timeout: EDIT_DEADLINE_MS }).catch(() => null);
  const reloaded = !(await page.evaluate('window.corpusMark === true'));
  // After a reload the page is whole only when it has settled again.
  await untilTrue(page, app.settled ?? 'true', EDIT_DEADLINE_MS);
  const state =
    app.state === undefined
      ? null
      : await page.$eval(app.state, (element) => element.textContent).catch(() => null);
  return { what: edit.what, shown, shownMs, reloaded, state, picture: await takeScreenshot(page) };
}

/** A reload in between is no failure. */
async function untilTrue(page: Page, expression: string, deadlineMs: number): Promise<boolean> {
  const end = performance.now() + deadlineMs;
  while (performance.now() < end) {
    const left = end - performance.now();
    const isTrue = await page
      .waitForFunction(expression, { polling: 8, timeout: Math.min(left, 1_000) })
      .then(() => true)
      .catch(() => false);
    if (isTrue) return true;
  }
  return false;
}
