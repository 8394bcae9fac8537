import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer';
import { build } from 'vite';
import { FakeCompanion } from '../../extension/workbench/testing/fake-companion.ts';
import { makeEntry } from '../../extension/workbench/testing/sample-data.ts';
import { populate } from '../../extension/workbench/testing/scenes/populate.ts';
import { startChromium } from '../browsers/chromium.ts';
import { Lifetime } from '../lifetime.ts';

const ROWS = 'button.row-main';
const LINES_PER_SECOND = 1_000;
/** How long the flood is watched for long tasks. */
const FLOOD_SECONDS = 30;
/** Half an hour of it, told as fast as the page takes it. */
const SIMULATED_SECONDS = 30 * 60;
/** The console's memory is full by then: what is measured is whether it grows on. */
const FILLED_SECONDS = 3 * 60;
const AT_ONCE = 10_000;

export interface WorkbenchFigures {
  /** Milliseconds from a navigation, everything cached, until the attempts are there and can be used. */
  interactiveMs: number[];
  /** The longest task while a thousand lines a second arrive, ms; none are longer than 50 where it is 0. */
  longestTaskMs: number;
  /** Bytes of the page's heap, when the console is full and half an hour of lines later. */
  heap: { filled: number; later: number };
}

/** The workbench in Chromium before a fake companion: how soon it is there, and what a flood of lines does to it. */
export async function measureWorkbench(
  runs: number,
  onProgress: (text: string) => void,
): Promise<WorkbenchFigures> {
  const lifetime = new Lifetime();
  try {
    const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-bench-')), (path) =>
      rm(path, { recursive: true, force: true }),
    );
    const configFile = join(import.meta.dirname, '../../extension/workbench/vite.config.ts');
    await build({ configFile, logLevel: 'error', build: { outDir: directory } });
    const fake = lifetime.own(await FakeCompanion.start({ workbenchDirectory: directory }), (started) =>
      started.close(),
    );
    populate(fake);
    const { browser } = lifetime.own(await startChromium(), (chromium) => chromium.stop());
    const page = await browser.newPage();
    const interactiveMs = await interactive(page, fake.baseUrl, runs, onProgress);
    const flood = new Flood(page, fake, onProgress);
    await flood.open();
    const longestTaskMs = await flood.longestTask();
    await flood.pour(FILLED_SECONDS * LINES_PER_SECOND);
    const filled = await heapOf(page);
    await flood.pour((SIMULATED_SECONDS - FILLED_SECONDS) * LINES_PER_SECOND);
    return { interactiveMs, longestTaskMs, heap: { filled, later: await heapOf(page) } };
  } finally {
    await lifetime.end();
  }
}

async function interactive(
  page: Page,
  url: string,
  runs: number,
  onProgress: (text: string) => void,
): Promise<number[]> {
  await page.evaluateOnNewDocument((selector) => {
    new MutationObserver((_changes, observer) => {
      if (!document.querySelector(selector)) return;
      observer.disconnect();
      // What the same task still has to do comes before somebody's click.
      setTimeout(() => Object.assign(globalThis, { interactiveAt: performance.now() }));
    }).observe(document, { childList: true, subtree: true });
  }, ROWS);
  const times: number[] = [];
  for (let run = 0; run <= runs; run++) {
    onProgress(`workbench: open ${run}/${runs}`);
    await page.goto(url);
    await page.waitForFunction('globalThis.interactiveAt !== undefined');
    const at = Number(await page.evaluate('globalThis.interactiveAt'));
    if (run > 0) times.push(at); // the first fills the cache
  }
  return times;
}

/** Lines of a server that come to the open console of one preview. */
class Flood {
  readonly #page: Page;
  readonly #fake: FakeCompanion;
  readonly #onProgress: (text: string) => void;
  #printed = 0;

  constructor(page: Page, fake: FakeCompanion, onProgress: (text: string) => void) {
    this.#page = page;
    this.#fake = fake;
    this.#onProgress = onProgress;
  }

  async open(): Promise<void> {
    await this.#page.locator(ROWS).click();
    await this.#page.locator('.console-handle').click();
    await this.#page.waitForSelector('.console-toolbar');
  }

  async longestTask(): Promise<number> {
    await this.#page.evaluate(() => {
      const longest = { ms: 0 };
      Object.assign(globalThis, { longest });
      new PerformanceObserver((list) => {
        for (const { duration } of list.getEntries()) longest.ms = Math.max(longest.ms, duration);
      }).observe({ type: 'longtask' });
    });
    for (let tick = 0; tick < FLOOD_SECONDS * 50; tick++) {
      if (tick % 50 === 0) this.#onProgress(`workbench: long tasks, second ${tick / 50} of ${FLOOD_SECONDS}`);
      this.#print(LINES_PER_SECOND / 50);
      await delay(20);
    }
    await this.#untilShown();
    return Number(await this.#page.evaluate('globalThis.longest.ms'));
  }

  async pour(lines: number): Promise<void> {
    for (let left = lines; left > 0; left -= AT_ONCE) {
      const minutes = Math.round(this.#printed / LINES_PER_SECOND / 60);
      this.#onProgress(`workbench: minute ${minutes} of ${SIMULATED_SECONDS / 60} of lines`);
      this.#print(Math.min(AT_ONCE, left));
      await this.#untilShown();
    }
  }

  #print(count: number): void {
    for (let line = 0; line < count; line++) {
      this.#printed += 1;
      const text = `line ${this.#printed} ${'word '.repeat(this.#printed % 60)}`;
      this.#fake.send('cart', { channel: 'logs', data: { type: 'console', entry: makeEntry({ text }) } });
    }
  }

  async #untilShown(): Promise<void> {
    await this.#page.waitForFunction(
      (start) => [...document.querySelectorAll('.console-text')].at(-1)?.textContent?.startsWith(start),
      { timeout: 120_000 },
      `line ${this.#printed} `,
    );
  }
}

async function heapOf(page: Page): Promise<number> {
  const session = await page.createCDPSession();
  try {
    await session.send('HeapProfiler.collectGarbage');
    return (await session.send('Runtime.getHeapUsage')).usedSize;
  } finally {
    await session.detach();
  }
}
