import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Page, WebWorker } from 'puppeteer';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { EXTENSION_FOR_CHROMIUM, startChromium } from '../browsers/chromium.ts';
import { Desktop } from '../desktop.ts';
import { startDisplay } from '../display.ts';
import { Lifetime } from '../lifetime.ts';
import { waitUntil } from '../wait-until.ts';

/** From the page to the menu of the pinned toolbar button: left of the puzzle piece, the avatar and Chromium's own menu. */
const TO_BUTTON_MENU = ['alt+shift+t', 'End', 'Left', 'Left', 'Left', 'Menu'];
/** Below "Open in a tab". */
const USE_AS_BOARD = ['Down', 'Down', 'Return'];
/** Chromium's prompts open with their "Deny" in focus. */
const DENY = ['Return'];
const ALLOW = ['Tab', 'Return'];
/** So long, and somewhat longer than half a second, Chromium takes no answer: nobody shall give one by accident. */
const PROTECTED_MS = 1_000;

/** A menu opens, and a click in it arrives, some time later; nothing tells when. Tried again where it was too late. */
const MENU_MS = 700;
const ASK_DEADLINE_MS = 30_000;

const SITE = 'http://site.example/';

/** What is used here of the extension's API, in its page. */
declare const chrome: {
  permissions: {
    request(wanted: object): Promise<boolean>;
    getAll(): Promise<{ origins?: string[] }>;
  };
};

const lifetime = new Lifetime();
let desktop: Desktop;
let page: Page;

beforeAll(async () => {
  const display = lifetime.own(await startDisplay(), (started) => started.stop());
  desktop = new Desktop(display);
  const chromium = lifetime.own(
    await startChromium({ extension: EXTENSION_FOR_CHROMIUM, display, prepareProfile: pinToolbarButton }),
    (started) => started.stop(),
  );
  page = await chromium.browser.newPage();
  await page.goto(`chrome-extension://${CHROME_EXTENSION_ID}/workbench.html`);
});
afterAll(() => lifetime.end());

const granted = () => page.evaluate(() => chrome.permissions.getAll());

/** As a person does in the menu of extensions. */
async function pinToolbarButton(profile: string): Promise<void> {
  await mkdir(join(profile, 'Default'), { recursive: true });
  const preferences = { extensions: { pinned_extensions: [CHROME_EXTENSION_ID] } };
  await writeFile(join(profile, 'Default', 'Preferences'), JSON.stringify(preferences));
}

/** A site that nobody has made a board yet, on a host that the extension has no right to. */
async function openSite(): Promise<Page> {
  const site = await page.browser().newPage();
  await site.setRequestInterception(true);
  site.on('request', (request) => {
    void request.respond({ contentType: 'text/html', body: '<h1>A board of our own</h1>' });
  });
  await site.goto(SITE);
  await site.bringToFront();
  return site;
}

/** Whether the extension's script runs in a page. */
async function hasContentScript(site: Page): Promise<boolean> {
  const session = await site.createCDPSession();
  const origins: string[] = [];
  session.on('Runtime.executionContextCreated', ({ context }) => origins.push(context.origin));
  await session.send('Runtime.enable'); // tells of all that are there before it answers
  await session.detach();
  return origins.includes(`chrome-extension://${CHROME_EXTENSION_ID}`);
}

/** Notes in the extension's background what it asks the browser for, and when that is answered. */
async function watchPermissions(): Promise<WebWorker> {
  const background = await page
    .browser()
    .waitForTarget((each) => each.type() === 'service_worker' && each.url().includes(CHROME_EXTENSION_ID));
  const worker = await background.worker();
  if (!worker) throw new Error('The extension has no background.');
  await worker.evaluate(() => {
    const { request } = chrome.permissions;
    Object.assign(globalThis, { noted: [] });
    const note = (what: string) => Reflect.get(globalThis, 'noted').push(what);
    Object.assign(chrome.permissions, {
      request(wanted: object) {
        note('asked');
        const answer = request.call(chrome.permissions, wanted);
        void answer.finally(() => note('answered'));
        return answer;
      },
    });
  });
  return worker;
}

/** Chooses "Use this site as a board" in the menu of the toolbar button, and answers the browser's question. */
async function useAsBoard(background: WebWorker, keys: readonly string[]): Promise<void> {
  const noted = () => background.evaluate(() => Number(Reflect.get(globalThis, 'noted').length));
  const before = await noted();
  await waitUntil(
    async () => {
      await desktop.press('Escape', ...TO_BUTTON_MENU);
      await delay(MENU_MS);
      await desktop.press(...USE_AS_BOARD);
      await delay(MENU_MS);
      return (await noted()) > before;
    },
    { what: 'the browser to be asked', deadlineMs: ASK_DEADLINE_MS },
  );
  await delay(PROTECTED_MS);
  await desktop.press(...keys);
  await waitUntil(async () => (await noted()) > before + 1, { what: 'the answer' });
}

test('the item of the toolbar button makes the site of the tab a board, once the browser was told so', async () => {
  const site = await openSite();
  const background = await watchPermissions();
  const origin = `${SITE}*`;
  await useAsBoard(background, DENY);
  expect((await granted()).origins).not.toContain(origin);
  expect(await hasContentScript(site)).toBe(false);

  await site.bringToFront();
  await useAsBoard(background, ALLOW);
  await waitUntil(async () => (await granted()).origins?.includes(origin), { what: 'the right to the site' });
  // At once, in the page as it is.
  await waitUntil(() => hasContentScript(site), { what: 'the script in the page' });
  await site.reload();
  await waitUntil(() => hasContentScript(site), { what: 'the script in the page that was loaded again' });
  await site.close();
});
