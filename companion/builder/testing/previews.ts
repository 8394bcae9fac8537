import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll } from 'vitest';
import { type Chromium, startChromium } from '../../../e2e/browsers/chromium.ts';
import { FixtureApp, type FixtureFiles } from './fixture-app.ts';
import { type PreviewOptions, PreviewServer } from './preview-server.ts';

const BUILD = join(import.meta.dirname, '../../../extension/providers/sandpack/build.ts');

/** Apps, their previews and pages in a real browser; what a test opened ends with it. */
export class Previews {
  #chromium: Chromium | undefined;
  #shared = '';
  readonly #endings: (() => Promise<unknown>)[] = [];

  /** To be called where the tests of a file are described. */
  static inThisFile(): Previews {
    const previews = new Previews();
    beforeAll(async () => {
      execFileSync(process.execPath, [BUILD]);
      previews.#shared = await mkdtemp(join(tmpdir(), 'vitrine-shared-'));
      previews.#chromium = await startChromium();
    });
    afterEach(async () => {
      for (const end of previews.#endings.splice(0).reverse()) await end();
    });
    afterAll(async () => {
      await previews.#chromium?.stop();
      await rm(previews.#shared, { recursive: true, force: true });
    });
    return previews;
  }

  async start(files: FixtureFiles, options: Partial<PreviewOptions> = {}) {
    const app = await FixtureApp.create(files);
    this.#endings.push(() => app.remove());
    return { app, preview: await this.serve({ root: app.root, ...options }) };
  }

  async serve(options: PreviewOptions): Promise<PreviewServer> {
    const preview = await PreviewServer.start({ sharedCacheDirectory: this.#shared, ...options });
    this.#endings.push(() => preview.close());
    return preview;
  }

  async newPage(): Promise<Page> {
    if (!this.#chromium) throw new Error('The browser is not started.');
    const page = await this.#chromium.browser.newPage();
    this.#endings.push(async () => {
      if (!page.isClosed()) await page.close();
    });
    return page;
  }

  /** A page with the app in it. */
  async open(preview: PreviewServer, path = '/'): Promise<Page> {
    const page = await this.newPage();
    await page.goto(`${preview.origin}${path}`);
    await page.waitForSelector('button');
    return page;
  }

  async temporaryDirectory(name: string): Promise<string> {
    const directory = await mkdtemp(join(tmpdir(), `vitrine-${name}-`));
    this.#endings.push(() => rm(directory, { recursive: true, force: true }));
    return directory;
  }

  /** Ends something with the test, before what was opened earlier. */
  endWith(end: () => Promise<unknown>): void {
    this.#endings.push(end);
  }
}

export const text = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent);

export const isHeading = (page: Page, heading: string) =>
  // A page in the background has no frames to wait for.
  page.waitForFunction(
    (wanted) => document.querySelector('h1')?.textContent === wanted,
    { polling: 20 },
    heading,
  );

/** What our own overlay says. */
export const overlay = (page: Page) =>
  page.$eval('vitrine-error', (element) => element.shadowRoot?.querySelector('section')?.textContent ?? '');

/** What the one of Vite's client says. */
export const viteOverlay = (page: Page) =>
  page.$eval(
    'vite-error-overlay',
    (element) => element.shadowRoot?.querySelector('.window')?.textContent ?? '',
  );

export const color = (page: Page, selector: string) =>
  page.$eval(selector, (element) => getComputedStyle(element).color);
