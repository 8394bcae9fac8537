import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Browser, launch, type Page } from 'puppeteer';
import { build } from 'vite';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { FakeCompanion } from './testing/fake-companion.ts';
import { makeAttempt, makeEntry, stepsAt } from './testing/sample-data.ts';
import { HOSTILE_TITLE, populate, printLines } from './testing/scenes.ts';

let directory: string;
let browser: Browser;
let fake: FakeCompanion;
let page: Page;
let pageErrors: string[];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'vitrine-workbench-'));
  const configFile = fileURLToPath(new URL('./vite.config.ts', import.meta.url));
  await build({ configFile, logLevel: 'error', build: { outDir: directory } });
  browser = await launch({
    executablePath: process.env.PUPPETEER_EXECUTABLE_PATH ?? '/usr/bin/chromium',
    args: ['--no-sandbox', '--disable-quic', '--no-first-run', '--disable-background-networking'],
  });
});
afterAll(async () => {
  await browser?.close();
  await rm(directory, { recursive: true, force: true });
});

beforeEach(async () => {
  fake = await FakeCompanion.start({ workbenchDirectory: directory });
  page = await browser.newPage();
  pageErrors = [];
  page.on('pageerror', (error) => pageErrors.push(String(error)));
  await page.evaluateOnNewDocument(() => {
    // Told of by every violation of the content security policy.
    document.addEventListener('securitypolicyviolation', (event) => {
      throw new Error(`CSP: ${event.violatedDirective} ${event.blockedURI}`);
    });
  });
  await page.setViewport({ width: 1280, height: 800 });
});
afterEach(async () => {
  const errors = pageErrors;
  await page.close();
  await fake.close();
  expect(errors).toEqual([]);
});

async function open(): Promise<void> {
  await page.goto(fake.baseUrl);
  await page.waitForSelector('.attempts');
}

const textOf = (selector: string) => page.$eval(selector, (element) => element.textContent ?? '');

async function appFrame(host: string) {
  const found = await page.waitForFrame((frame) => frame.url().includes(`//${host}.localhost`));
  await found.waitForSelector('h1');
  return found;
}

describe('the workbench in a browser', () => {
  it('starts an attempt, shows its steps, then its app, and stops it', async () => {
    fake.attempts = {
      sources: [{ kind: 'repository', location: '/home/dev/shop' }],
      attempts: [makeAttempt({ taskId: 't1', title: 'Dark theme' })],
    };
    await open();
    await page.locator('button[aria-label="Start the preview of Dark theme"]').click();
    await page.waitForSelector('.step.active');
    expect(await textOf('.step.active .step-name')).toContain('Sandbox');
    fake.put({ id: 'env-1', steps: stepsAt('paint'), status: 'running' });
    const frame = await appFrame('env-1');
    expect(await frame.$eval('h1', (heading) => heading.textContent)).toBe('Dark theme');
    await page.waitForFunction(() => !document.querySelector('.steps'));
    const create = fake.requests.find((request) => request.startsWith('POST /api/environments '));
    expect(JSON.parse(create?.split(' ').slice(2).join(' ') ?? '')).toEqual({
      taskId: 't1',
      agentId: 'CLAUDE_CODE',
      title: 'Dark theme',
      worktree: '/home/dev/worktrees/t1',
    });
    await page.locator('.roomy-actions button[aria-label="Stop"]').click();
    await page.locator('dialog .button.danger').click();
    await page.waitForFunction(() => !document.querySelector('.preview-header'));
    expect(fake.environments.size).toBe(0);
  });

  it('navigates the app from the URL bar and follows it', async () => {
    populate(fake);
    await open();
    await page.locator('button[aria-label="Show the preview of Show the cart total in the header"]').click();
    const frame = await appFrame('cart');
    await page.locator('.url-route').fill('orders?open=1');
    await page.keyboard.press('Enter');
    await frame.waitForFunction(() => document.getElementById('route')?.textContent === '/orders?open=1');
    await page.locator('button[aria-label="Back"]').click();
    await page.waitForFunction(() => document.querySelector<HTMLInputElement>('.url-route')?.value === '/');
    await frame.locator('a[href="/cart"]').click();
    await page.waitForFunction(
      () => document.querySelector<HTMLInputElement>('.url-route')?.value === '/cart',
    );
  });

  it('shows two attempts side by side without reloading the first', async () => {
    populate(fake);
    await open();
    await page.locator('button[aria-label="Show the preview of Show the cart total in the header"]').click();
    const first = await appFrame('cart');
    await first.evaluate(() => document.body.setAttribute('data-kept', 'yes'));
    await page.locator('button[aria-label="Compare with"]').click();
    await page.locator('.menu-item').click();
    const second = await appFrame('login');
    expect(await second.$eval('h1', (heading) => heading.textContent)).toContain('passkey');
    expect(await first.$eval('body', (body) => body.getAttribute('data-kept'))).toBe('yes');
    await page.locator('.console-handle').click();
    await page.locator('button[aria-label="Close this side"]').click();
    await page.waitForFunction(() => document.querySelectorAll('.preview-header').length === 1);
    expect(await first.$eval('body', (body) => body.getAttribute('data-kept'))).toBe('yes');
  });

  it('keeps a suspended page and its state for the resume', async () => {
    populate(fake);
    await open();
    await page.locator('button[aria-label="Show the preview of Show the cart total in the header"]').click();
    const frame = await appFrame('cart');
    await frame.evaluate(() => document.body.setAttribute('data-kept', 'yes'));
    await page.locator('button[aria-label="Suspend"]').click();
    await page.waitForSelector('.state-overlay');
    await page.locator('.state-overlay .button').click();
    await page.waitForFunction(() => !document.querySelector('.state-overlay'));
    expect(await frame.$eval('body', (body) => body.getAttribute('data-kept'))).toBe('yes');
  });

  it('never asks for the page of a suspended environment by itself', async () => {
    populate(fake);
    await open();
    await page.locator('button[aria-label="Show the preview of Search as you type"]').click();
    await page.waitForSelector('.state-overlay');
    expect(await page.$('iframe')).toBeNull();
  });

  it('shows hostile titles and lines as the text they are', async () => {
    populate(fake);
    fake.put({ id: 'evil', title: HOSTILE_TITLE, worktree: '/w/evil', branch: '<b>x</b>' });
    printLines(fake, 'evil');
    await open();
    await page.evaluate(() => {
      const rows = [...document.querySelectorAll<HTMLElement>('.row-main')];
      rows.find((row) => row.textContent?.includes('<b>x</b>'))?.click();
    });
    await page.waitForSelector('.preview-header');
    await page.locator('.console-handle').click();
    await page.waitForSelector('.console-row');
    expect(await page.$$('img, .console script, .identity b')).toEqual([]);
    expect(await textOf('.identity-title')).toContain('<img src=x onerror=alert(1)> gnp.exe');
  });

  it('goes on by itself after the companion was away, with what it missed', async () => {
    populate(fake);
    await open();
    await page.locator('button[aria-label="Show the preview of Show the cart total in the header"]').click();
    await appFrame('cart');
    await page.locator('.console-handle').click();
    const port = Number(new URL(fake.baseUrl).port);
    await fake.close();
    await page.waitForSelector('.connection-banner');
    fake = await FakeCompanion.start({ workbenchDirectory: directory, port });
    populate(fake);
    fake.send('cart', {
      channel: 'logs',
      data: { type: 'console', entry: makeEntry({ text: 'back again' }) },
    });
    await page.waitForFunction(() => !document.querySelector('.connection-banner'));
    await page.waitForFunction(() =>
      document.querySelector('.console-row')?.textContent?.includes('back again'),
    );
  });

  it('can be used without a pointer', async () => {
    populate(fake);
    await page.setViewport({ width: 360, height: 720 });
    await open();
    await page.waitForSelector('.row-main');
    await page.focus('.attempts input[type=search]');
    await page.keyboard.type('passkey');
    await page.waitForFunction(() => document.querySelectorAll('.row-main').length === 1);
    await page.keyboard.press('Tab'); // the scope of the list
    await page.keyboard.press('Tab'); // "remove this board"
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.preview-header');
    await page.focus('.tight-actions button');
    await page.keyboard.press('Enter');
    await page.waitForFunction(() => document.activeElement?.role === 'menuitem');
    await page.keyboard.press('End');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.press('Escape');
    await page.waitForFunction(() => !document.querySelector('dialog'));
    await page.focus('button[aria-label="All attempts"]');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.attempts');
  });
});

describe('the console', () => {
  async function openConsole(): Promise<void> {
    populate(fake);
    await open();
    await page.locator('button[aria-label="Show the preview of Show the cart total in the header"]').click();
    await appFrame('cart');
    await page.locator('.console-handle').click();
    await page.waitForSelector('.console-toolbar');
  }

  const print = (text: string) =>
    fake.send('cart', { channel: 'logs', data: { type: 'console', entry: makeEntry({ text }) } });

  it('keeps few rows in the page while a thousand lines a second arrive, and shows the last', async () => {
    await openConsole();
    let printed = 0;
    const timer = setInterval(() => {
      for (let line = 0; line < 20; line++) print(`line ${++printed} ${'word '.repeat(printed % 60)}`);
    }, 20);
    await vi.waitFor(() => expect(printed).toBeGreaterThanOrEqual(7_000), { timeout: 20_000, interval: 50 });
    clearInterval(timer);
    const last = `line ${printed} `;
    await page.waitForFunction(
      (text) => [...document.querySelectorAll('.console-text')].at(-1)?.textContent?.startsWith(text),
      {},
      last,
    );
    expect(await page.$$eval('.console-row', (rows) => rows.length)).toBeLessThan(100);
  });

  it('follows the newest line unless it is scrolled up, and then stays where it is read', async () => {
    await openConsole();
    for (let line = 1; line <= 300; line++) print(`line ${line}`);
    await page.waitForFunction(() =>
      document.querySelector('.console-list')?.textContent?.includes('line 300'),
    );
    await page.$eval('.console-list', (list) => list.scrollTo(0, 4_000));
    await page.waitForSelector('.console-jump');
    const firstVisible = () =>
      page.$eval('.console-list', (list) => {
        const top = list.getBoundingClientRect().top;
        const rows = [...list.querySelectorAll('.console-row')];
        const row = rows.find((each) => each.getBoundingClientRect().bottom > top + 1);
        return [
          row?.querySelector('.console-text')?.textContent,
          row && row.getBoundingClientRect().top - top,
        ];
      });
    const before = await firstVisible();
    for (let line = 301; line <= 5_100; line++) print(`line ${line}`);
    // 5,100 lines: the oldest 100 are gone, above what is being read.
    await page.waitForSelector('.console-note');
    await page.evaluate(
      () => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))),
    );
    expect(await firstVisible()).toEqual(before);
    await page.locator('.console-jump').click();
    await page.waitForFunction(() =>
      document.querySelector('.console-list')?.textContent?.includes('line 5100'),
    );
  });

  it('shows a line that comes alone, later', async () => {
    await openConsole();
    for (const text of ['first', 'second', 'third']) {
      print(text);
      await page.waitForFunction(
        (wanted) => [...document.querySelectorAll('.console-text')].at(-1)?.textContent === wanted,
        {},
        text,
      );
    }
  });

  it('filters by source, level and text', async () => {
    await openConsole();
    printLines(fake, 'cart');
    await page.waitForFunction(() => document.querySelectorAll('.console-row').length >= 3);
    await page.locator('.console-toolbar label:nth-of-type(2)').click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('.console-source')].every((source) => source.textContent === 'browser'),
    );
    await page.select('.console-level', 'error');
    await page.waitForFunction(() => document.querySelectorAll('.console-row').length === 1);
    await page.locator('.console-query input').fill('no such text');
    await page.locator('.console-empty .button').click();
    await page.waitForFunction(() => document.querySelectorAll('.console-row').length > 2);
  });
});
