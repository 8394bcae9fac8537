import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Frame, Page, WebWorker } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { type BoardTask, startVibeKanban, type VibeKanban } from '../../../e2e/board/vibe-kanban.ts';
import { type Chromium, EXTENSION_FOR_CHROMIUM, startChromium } from '../../../e2e/browsers/chromium.ts';
import { Lifetime } from '../../../e2e/lifetime.ts';
import { makeSample } from '../../../e2e/sample.ts';
import { waitUntil } from '../../../e2e/wait-until.ts';

const PANEL = `chrome-extension://${CHROME_EXTENSION_ID}/panel.html`;
/** What the board's shortcut C opens. */
const CREATE_DIALOG = '::-p-text(Create New Task)';

const lifetime = new Lifetime();
let board: VibeKanban;
let chromium: Chromium;
let projectUrl: string;
let counter: BoardTask;
let theme: BoardTask;
let page: Page;

beforeAll(async () => {
  const { repository } = await makeSample(lifetime, { attempts: false });
  board = lifetime.own(await startVibeKanban(), (started) => started.stop());
  const project = await board.createProject('Panel', repository);
  counter = await board.attemptTask(project, 'Count things', 'Apply the overlay `warm-cards`.');
  theme = await board.attemptTask(project, 'Paint things', 'Apply the overlay `warm-cards`.');
  projectUrl = board.projectUrl(project);
  const profile = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-panel-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  chromium = lifetime.own(
    await startChromium({
      extension: EXTENSION_FOR_CHROMIUM,
      env: { HOME: profile },
      size: { width: 1400, height: 900 },
    }),
    (started) => started.stop(),
  );
});

afterAll(() => lifetime.end());

beforeEach(async () => {
  page = await chromium.browser.newPage();
  await page.bringToFront();
  await page.goto(projectUrl, { waitUntil: 'domcontentloaded' });
});

afterEach(() => page.close());

describe('the panel beside a real board', () => {
  it('opens for the task of the card that was right-clicked, and the board makes room', async () => {
    await preview(theme);
    expect(await target()).toMatchObject({ kind: 'task', taskId: theme.taskId, title: theme.title });
    const width = await panelWidth();
    expect(await page.$eval('#root', (root) => innerWidth - root.getBoundingClientRect().right)).toBe(width);
  });

  it('goes to another task without being built anew', async () => {
    await preview(theme);
    const frame = await panelFrame();
    await preview(counter);
    await waitUntil(async () => (await target())?.taskId === counter.taskId, { what: 'the other task' });
    expect(await panelFrame()).toBe(frame);
  });

  it('is resized with the pointer, also over its own frame, and keeps the width over a reload', async () => {
    await preview(theme);
    const before = await panelWidth();
    await drag(before, 150);
    expect(await panelWidth()).toBe(before - 150);
    await drag(before - 150, -60);
    expect(await panelWidth()).toBe(before - 90);

    await page.reload({ waitUntil: 'domcontentloaded' });
    await panelFrame();
    expect(await panelWidth()).toBe(before - 90);
    expect(await target()).toMatchObject({ taskId: theme.taskId });
  });

  it('is resized with the keys of its separator, within limits', async () => {
    await preview(theme);
    await focusSeparator();
    const before = await panelWidth();
    await page.keyboard.press('ArrowLeft');
    expect(await panelWidth()).toBe(before + 16);
    await page.keyboard.press('End');
    expect(await panelWidth()).toBe(1400 - 360);
    await page.keyboard.press('Home');
    expect(await panelWidth()).toBe(320);
  });

  it('lets no key through to the board’s shortcuts, neither from the separator nor from the frame', async () => {
    await preview(theme);
    await focusSeparator();
    await page.keyboard.press('c');
    const frame = await panelFrame();
    await frame.evaluate(() => {
      const field = document.body.appendChild(document.createElement('input'));
      field.id = 'typed-by-test';
      field.focus();
    });
    await page.keyboard.type('c');
    expect(await frame.$eval('#typed-by-test', (field) => (field as HTMLInputElement).value)).toBe('c');
    expect(await page.$(CREATE_DIALOG)).toBeNull();

    // The shortcut itself works, or this test would prove nothing.
    await page.evaluate(() => (document.activeElement as HTMLElement | null)?.blur());
    await page.mouse.click(200, 700);
    await page.keyboard.press('c');
    await page.waitForSelector(CREATE_DIALOG);
  });

  it('closes with Escape on the separator and stays closed over a reload', async () => {
    await preview(theme);
    await focusSeparator();
    await page.keyboard.press('Escape');
    await waitUntil(() => panel() === undefined, { what: 'the panel to go' });
    expect(await page.$eval('#root', (root) => innerWidth - root.getBoundingClientRect().right)).toBe(0);
    await page.reload({ waitUntil: 'domcontentloaded' });
    await page.waitForSelector('[aria-roledescription="draggable"]');
    await waitUntil(async () => (await session(`shown:${await tabId()}`)) !== undefined, {
      what: 'the board to be read',
    });
    expect(panel()).toBeUndefined();
  });

  it('offers the task whose page the board shows, and does not go there by itself', async () => {
    await preview(theme);
    await (await card(counter)).click();
    const frame = await panelFrame();
    const offer = await frame.waitForSelector('.board-offer');
    expect(await target()).toMatchObject({ taskId: theme.taskId });
    await (await offer?.waitForSelector('.board-offer-accept'))?.click();
    await waitUntil(async () => (await target())?.taskId === counter.taskId, {
      what: 'the offered task',
    });
    expect(await frame.$('.board-offer')).toBeNull();
  });
});

describe('pages that are no board', () => {
  it('[attack 17] cannot frame panel.html by the extension’s id, nor find it that way', async () => {
    await page.setContent(`<iframe src="${PANEL}"></iframe>`);
    await waitUntil(() => page.frames().find((frame) => frame.url().startsWith('chrome-error:')), {
      what: 'the browser’s refusal',
    });
    expect(panel()).toBeUndefined();
  });

  it('[attack 17] get nothing from panel.html when they learn its address of the session', async () => {
    const address = await (await background()).evaluate(() =>
      (globalThis as unknown as { chrome: ChromeInWorker }).chrome.runtime.getURL('/panel.html'),
    );
    expect(address).not.toContain(CHROME_EXTENSION_ID);
    await page.setContent(`<iframe src="${address}#${'0'.repeat(32)}"></iframe>`);
    const frame = await panelFrame();
    await waitUntil(
      async () => /Nothing to show/.test(await frame.$eval('#root', (root) => root.innerHTML)),
      {
        what: 'the refusal',
      },
    );
    // What a page of the extension would send, had it a claim.
    const answer = await frame.evaluate(() => {
      const question = { id: 1, type: 'companion:connect', data: { suspect: false }, timestamp: Date.now() };
      return (globalThis as unknown as { chrome: ChromeInWorker }).chrome.runtime.sendMessage(question);
    });
    expect(JSON.stringify(answer)).toContain('no panel of a board');
    expect(JSON.stringify(answer)).not.toContain('token');
  });

  it('[attack 18] cannot message the extension', async () => {
    const reachable = await page.evaluate(
      () => 'chrome' in globalThis && 'runtime' in (globalThis as unknown as { chrome: object }).chrome,
    );
    expect(reachable).toBe(false);
  });
});

/** Right-clicks the card; the menu itself is the browser's, so its click is told to the background directly. */
async function preview(task: BoardTask): Promise<void> {
  await (await card(task)).click({ button: 'right' });
  const worker = await background();
  await worker.evaluate(async () => {
    const { contextMenus, tabs } = (globalThis as unknown as { chrome: ChromeInWorker }).chrome;
    const [tab] = await tabs.query({ active: true, currentWindow: true });
    contextMenus.onClicked.dispatch({ menuItemId: 'preview-task' }, tab);
  });
  const frame = await panelFrame();
  await frame.waitForSelector('#root > *');
}

interface ChromeInWorker {
  runtime: { getURL(path: string): string; sendMessage(message: object): Promise<unknown> };
  contextMenus: { onClicked: { dispatch(info: object, tab: unknown): void } };
  tabs: { query(query: object): Promise<Array<{ id: number }>> };
  storage: { session: { get(key: string): Promise<Record<string, unknown>> } };
}

async function card(task: BoardTask) {
  const found = await page.waitForSelector(`::-p-xpath(//h4[contains(., "${task.title}")])`);
  if (!found) throw new Error(`There is no card "${task.title}"`);
  return found;
}

async function background(): Promise<WebWorker> {
  const service = await chromium.browser.waitForTarget((found) => found.type() === 'service_worker');
  const worker = await service.worker();
  if (!worker) throw new Error('The background is not running');
  return worker;
}

function panel(): Frame | undefined {
  return page.frames().find((frame) => frame.url().startsWith(PANEL));
}

function panelFrame(): Promise<Frame> {
  return waitUntil(() => panel(), { what: 'the panel' });
}

async function session(key: string): Promise<Record<string, unknown> | undefined> {
  const stored = await (await background()).evaluate(async (name) => {
    const { storage } = (globalThis as unknown as { chrome: ChromeInWorker }).chrome;
    return (await storage.session.get(name))[name];
  }, key);
  return stored as Record<string, unknown> | undefined;
}

async function tabId(): Promise<number> {
  const id = await (await background()).evaluate(async () => {
    const { tabs } = (globalThis as unknown as { chrome: ChromeInWorker }).chrome;
    return (await tabs.query({ active: true, currentWindow: true }))[0]?.id;
  });
  if (id === undefined) throw new Error('There is no active tab');
  return id;
}

async function target(): Promise<{ taskId?: string } | undefined> {
  const record = await session(`panel:${await tabId()}`);
  return record?.target as { taskId?: string } | undefined;
}

function panelWidth(): Promise<number> {
  return page.$eval('vitrine-panel', (host) => host.getBoundingClientRect().width);
}

/** Drags the separator of a panel that is this wide. */
async function drag(width: number, distance: number): Promise<void> {
  const x = 1400 - width + 3;
  await page.mouse.move(x, 450);
  // A hand needs longer than a frame between reaching the separator and pressing on it.
  await page.evaluate(
    () => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))),
  );
  await page.mouse.down();
  await page.mouse.move(x + distance / 2, 460);
  await page.mouse.move(x + distance, 470);
  await page.mouse.up();
}

async function focusSeparator(): Promise<void> {
  await page.mouse.click(1400 - (await panelWidth()) + 3, 450);
}
