import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, type Frame, launch, type Page } from 'puppeteer';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, expect } from 'vitest';
import { FakeCompanion } from './fake-companion.ts';
import { populate } from './scenes/populate.ts';

/** The built workbench in a real browser, before a fake companion of its own for each test. */
export interface WorkbenchPage {
  readonly directory: string;
  readonly page: Page;
  fake: FakeCompanion;
  /** Opens the workbench, at a fragment of its address. */
  open(fragment?: string): Promise<void>;
  /** Opens it with sample attempts and shows the preview of the cart's attempt. */
  openCart(): Promise<Frame>;
  /** The app's frame of an environment, drawn. */
  appFrame(id: string): Promise<Frame>;
  textOf(selector: string): Promise<string>;
}

const PROGRAMS = {
  chrome: (args: string[]) => ({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking', ...args],
  }),
  firefox: (args: string[]) => ({
    executablePath: '/usr/bin/firefox-esr',
    args: ['--width=1280', '--height=900', ...args],
    // The ESR of Debian 12 lets its driver set no viewport.
    defaultViewport: null,
  }),
};

/** What Firefox's driver waits with lives in a realm of its own, which Firefox before 145 lets nobody look into. */
const DRIVERS_OWN = /^Error: Error: Permission denied to access property "length"$/;

/** Registers the hooks that build, open and close it. A page error or a violated content policy fails the test. */
export function workbenchPage(args: string[] = [], name: 'chrome' | 'firefox' = 'chrome'): WorkbenchPage {
  let directory: string;
  let browser: Browser;
  let page: Page;
  let pageErrors: string[];
  const bench: WorkbenchPage = {
    get directory() {
      return directory;
    },
    get page() {
      return page;
    },
    fake: undefined as unknown as FakeCompanion, // set before each test
    async open(fragment = '') {
      await page.goto(`${bench.fake.baseUrl}/${fragment}`);
      await page.waitForSelector('.attempts, .preview-header');
    },
    async openCart() {
      populate(bench.fake);
      await bench.open();
      await page.locator('button[aria-label*="Show the cart total in the header"].row-main').click();
      return bench.appFrame('cart');
    },
    async appFrame(id) {
      const found = await page.waitForFrame((frame) => frame.url().includes(`//${id}.localhost`));
      await found.waitForSelector('h1');
      return found;
    },
    textOf: (selector) => page.$eval(selector, (element) => element.textContent ?? ''),
  };

  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'vitrine-workbench-'));
    const configFile = fileURLToPath(new URL('../vite.config.ts', import.meta.url));
    await build({ configFile, logLevel: 'error', build: { outDir: directory } });
    browser = await launch({ browser: name, ...PROGRAMS[name](args) });
  });
  afterAll(async () => {
    await browser?.close();
    await rm(directory, { recursive: true, force: true });
  });
  beforeEach(async () => {
    bench.fake = await FakeCompanion.start({
      workbenchDirectory: directory,
      // The same holds what the driver evaluates to the page's policy.
      ...(name === 'firefox' && { scriptSources: "'unsafe-eval'" }),
    });
    page = await browser.newPage();
    pageErrors = [];
    page.on('pageerror', (error) => {
      if (name === 'chrome' || !DRIVERS_OWN.test(String(error))) pageErrors.push(String(error));
    });
    await page.evaluateOnNewDocument(() => {
      // Told of by every violation of the content security policy.
      document.addEventListener('securitypolicyviolation', (event) => {
        throw new Error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
      });
    });
    if (name === 'chrome') await page.setViewport({ width: 1280, height: 800 });
  });
  afterEach(async () => {
    const errors = pageErrors;
    await page.close();
    await bench.fake.close();
    expect(errors).toEqual([]);
  });
  return bench;
}
