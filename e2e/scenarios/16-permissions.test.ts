import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page } from 'puppeteer';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import type { browser } from 'wxt/browser';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { EXTENSION_FOR_CHROMIUM, startChromium } from '../browsers/chromium.ts';
import { installNativeHostFor } from '../browsers/native-host.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Desktop } from '../desktop.ts';
import { startDisplay } from '../display.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject, PLAIN_PROJECT } from '../project.ts';
import { waitUntil } from '../wait-until.ts';

/** Chromium's prompts open with their "Deny" in focus. */
const DENY = ['Return'];
const ALLOW = ['Tab', 'Return'];
/** So long, and somewhat longer than half a second, Chromium takes no answer: nobody shall give one by accident. */
const PROTECTED_MS = 1_000;

/** What is used here of the extension's API, in its page. */
declare const chrome: Pick<typeof browser, 'permissions' | 'notifications' | 'scripting'>;

const lifetime = new Lifetime();
let companion: Companion;
let desktop: Desktop;
let page: Page;
let id: string;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-permissions-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  const worktree = await makeProject(directory, PLAIN_PROJECT);
  ({ environmentId: id } = await companion.create({
    taskId: 't',
    agentId: 'a',
    worktree,
    title: '<b>Cart</b>',
  }));
  await companion.running(id);
  const display = lifetime.own(await startDisplay(), (started) => started.stop());
  desktop = new Desktop(display);
  const chromium = lifetime.own(
    await startChromium({
      extension: EXTENSION_FOR_CHROMIUM,
      display,
      env: { VITRINE_HOME: companion.home },
      prepareProfile: (profile) => installNativeHostFor(companion.home, { chromiumProfile: profile }),
    }),
    (started) => started.stop(),
  );
  page = await chromium.browser.newPage();
  await page.goto(`chrome-extension://${CHROME_EXTENSION_ID}/workbench.html`);
  await page.locator('button[aria-label="Settings"]').click();
  await page.waitForSelector('.settings');
});
afterAll(() => lifetime.end());

/** What the browser asks after `ask` is answered by keyboard, as a person could. */
async function answerPrompt(ask: () => Promise<unknown>, keys: readonly string[]): Promise<void> {
  await ask();
  // A prompt has the focus, and gives it back.
  await waitUntil(() => page.evaluate(() => !document.hasFocus()), { what: 'the browser to ask' });
  await delay(PROTECTED_MS);
  await desktop.press(...keys);
  await waitUntil(() => page.evaluate(() => document.hasFocus()), { what: 'the prompt to be gone' });
}

const granted = () => page.evaluate(() => chrome.permissions.getAll());

test('notifications are asked for when they are turned on, and tell of a preview in the background', async () => {
  const toggle = () => page.locator('::-p-text(Tell me when a preview)').click();
  await answerPrompt(toggle, DENY);
  await page.waitForSelector('.settings [role=alert]');
  expect((await granted()).permissions).not.toContain('notifications');

  await answerPrompt(toggle, ALLOW);
  await page.waitForFunction(() => !document.querySelector('.settings [role=alert]'));
  expect((await granted()).permissions).toContain('notifications');

  // Without a desktop's own notifications, the browser takes its away again at once.
  await page.evaluate(() => {
    const { create } = chrome.notifications;
    Object.assign(globalThis, { told: [] });
    Object.assign(chrome.notifications, {
      create(...given: Parameters<typeof create>) {
        Reflect.get(globalThis, 'told').push(given);
        return Reflect.apply(create, chrome.notifications, given);
      },
    });
  });
  const other = await page.browser().newPage();
  onTestFinished(async () => {
    await other.close();
    await page.bringToFront();
  });
  await other.bringToFront();
  await companion.restartEnvironment(id);
  const told = await waitUntil(() => page.evaluate(() => Reflect.get(globalThis, 'told')[0]), {
    what: 'a notification',
  });
  expect(told).toMatchObject([`vitrine-${id}`, { title: 'Preview ready', message: '<b>Cart</b>' }]);
});

test('a board elsewhere is asked for by its origin alone, and its script runs there from then on', async () => {
  await page.locator('.settings .add-source .segments label:nth-of-type(2)').click();
  await page.locator('.settings .add-source .field').fill('https://board.example:8443/projects');
  await answerPrompt(() => page.locator('.settings .add-source button[type=submit]').click(), ALLOW);
  expect((await granted()).origins).toContain('https://board.example/*');
  const scripts = await waitUntil(
    async () => {
      const found = await page.evaluate(() => chrome.scripting.getRegisteredContentScripts());
      return found.length > 0 ? found : undefined;
    },
    { what: 'the script to be registered' },
  );
  expect(scripts).toMatchObject([{ matches: ['https://board.example/*'], js: ['content-scripts/board.js'] }]);
});
