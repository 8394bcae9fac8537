import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page, WebWorker } from 'puppeteer';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { FakeBoard } from '../../../companion/boards/fake-board.ts';
import { type Chromium, EXTENSION_FOR_CHROMIUM, startChromium } from '../../../e2e/browsers/chromium.ts';
import { installNativeHostFor } from '../../../e2e/browsers/native-host.ts';
import { type Companion, startCompanion } from '../../../e2e/companion.ts';
import { Lifetime } from '../../../e2e/lifetime.ts';
import { makeProject, PLAIN_PROJECT } from '../../../e2e/project.ts';
import { waitUntil } from '../../../e2e/wait-until.ts';

const TASK = '7943f683-fac4-494b-b3b2-217c3d244544';
const OTHER_TASK = '79ab684a-0d8d-4d61-99ca-3c696ba75adc';
const ATTEMPT = '00ac8920-7e29-4f9f-9d2b-f40c9ee873de';
const PATH = '/projects/6572f840-b7a8-4e0f-8695-c59675615f28/tasks';
const WINDOW_WIDTH = 1400;

/** Makes cards as React leaves them: with its bookkeeping on the element, and nothing in the markup. */
const MAKE_CARDS = `
  function makeCard(id, title) {
    const card = document.createElement('div');
    card.role = 'button';
    card.setAttribute('aria-roledescription', 'draggable');
    card.style.cssText = 'width: 200px; margin: 20px; padding: 10px';
    card.append(Object.assign(document.createElement('h4'), { textContent: title }));
    card.__reactFiber$made = { return: { memoizedProps: { task: { id, title } } } };
    return card;
  }
  const root = document.getElementById('root');
  const cards = [makeCard('${TASK}', 'Blue theme'), makeCard('${OTHER_TASK}', 'Count things')];`;

interface MadeBoard {
  style?: string;
  script?: string;
  headers?: Record<string, string>;
}

const lifetime = new Lifetime();
let fake: FakeBoard;
let origin: string;
let companion: Companion;
let chromium: Chromium;
let page: Page;

beforeAll(async () => {
  const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-made-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const worktree = await makeProject(join(directory, 'project'), PLAIN_PROJECT);
  fake = lifetime.own(new FakeBoard(), (board) => board.stop());
  origin = await fake.start();
  fake.answers.set('/api/health', { data: 'OK' });
  fake.answers.set('/api/task-attempts', { data: [] });
  fake.answers.set(`/api/tasks/${TASK}`, { data: { id: TASK, title: 'Blue theme' } });
  fake.answers.set(`/api/task-attempts?task_id=${TASK}`, {
    data: [{ id: ATTEMPT, task_id: TASK, container_ref: worktree, branch: 'main' }],
  });
  companion = lifetime.own(await startCompanion(), (started) => started.stop());
  chromium = lifetime.own(
    await startChromium({
      extension: EXTENSION_FOR_CHROMIUM,
      size: { width: WINDOW_WIDTH, height: 900 },
      env: { VITRINE_HOME: companion.home },
      prepareProfile: (profile) => installNativeHostFor(companion.home, { chromiumProfile: profile }),
    }),
    (started) => started.stop(),
  );
});

afterAll(() => lifetime.end());

beforeEach(async () => {
  page = await chromium.browser.newPage();
  await page.bringToFront();
});

afterEach(() => page.close());

async function open({
  style = '',
  script = 'root.append(...cards)',
  headers = {},
}: MadeBoard): Promise<void> {
  fake.answers.set(PATH, (_, response) => {
    for (const [name, value] of Object.entries({ 'content-type': 'text/html', ...headers }))
      response.setHeader(name, value);
    response.end(
      `<!doctype html><title>vibe-kanban</title><style>body { margin: 0 } ${style}</style>
       <div id="root"></div><script>${MAKE_CARDS} ${script}</script>`,
    );
  });
  await page.goto(origin + PATH);
  await waitUntil(async () => (await session('shown')) !== undefined, { what: 'the board to be read' });
}

describe('cards of a board', () => {
  it('are known by an element in them that has a shadow tree of its own', async () => {
    await open({
      script: `
        const menu = cards[0].appendChild(document.createElement('x-menu'));
        menu.attachShadow({ mode: 'open' }).innerHTML = '<button>…</button>';
        root.append(...cards);`,
    });
    await openMenu('x-menu >>> button');
    expect(await isOffered()).toBe(true);
    await choosePreview();
    expect(await target()).toMatchObject({ taskId: TASK });
  });

  it('are told apart within one shadow tree, where no event goes out as the pointer goes on', async () => {
    await open({ script: `root.attachShadow({ mode: 'open' }).append('Column', ...cards);` });
    const box = await (await found('#root')).boundingBox();
    await page.mouse.move((box?.x ?? 0) + 600, (box?.y ?? 0) + 5);
    await offeredIs(false);
    await (await found('#root >>> [role=button]')).hover();
    await offeredIs(true);
  });

  it('are known also where the board keeps pointer, focus and menu to itself', async () => {
    await open({
      script: `
        root.append(...cards);
        for (const type of ['pointerover', 'pointermove', 'pointerdown', 'focusin', 'contextmenu'])
          addEventListener(type, (event) => event.stopImmediatePropagation(), true);`,
    });
    await openMenu('h4');
    await offeredIs(true);
    await choosePreview();
    expect(await target()).toMatchObject({ taskId: TASK });
  });

  it('are what they were when the menu opened, wherever the board puts them under it', async () => {
    await open({
      script: `
        root.append(...cards);
        globalThis.recycle = () => {
          cards[0].__reactFiber$made = cards[1].__reactFiber$made;
          cards[0].querySelector('h4').replaceWith('Gone');
          cards[1].remove();
        };`,
    });
    await openMenu('h4');
    await page.evaluate('recycle()');
    await choosePreview();
    expect(await target()).toMatchObject({ taskId: TASK });
  });
});

describe('the room beside the panel', () => {
  const boards: [string, MadeBoard][] = [
    ['says that it is as wide as the window', { style: '#root { width: 100vw }' }],
    ['lies fixed over the window', { style: '#root { position: fixed; top: 0; left: 0; width: 100% }' }],
    ['has a width of its own', { style: '#root { width: 1200px; margin: 0 auto; padding: 0 20px }' }],
    ['is written from right to left', { style: 'html { direction: rtl } #root { width: 100vw }' }],
    ['has a margin that it insists on', { style: '* { margin: 0 !important }' }],
  ];
  it.each(boards)('is made by a board that %s, and given back', async (_, board) => {
    await open(board);
    const before = await rootEdges();
    await openMenu('h4');
    await choosePreview();
    const { left, right } = await rootEdges();
    expect(right).toBeLessThanOrEqual(await panelEdge());
    expect(left).toBeGreaterThanOrEqual(0);
    await closePanel();
    expect(await rootEdges()).toEqual(before);
    expect(await page.$eval('#root', (root) => root.getAttribute('style') ?? '')).toBe('');
  });

  it('is kept by a board that draws its root anew, or writes its style anew', async () => {
    await open({});
    await openMenu('h4');
    await choosePreview();
    const edge = await panelEdge();
    await page.evaluate(() => document.getElementById('root')?.setAttribute('style', 'color: teal'));
    await waitUntil(async () => (await rootEdges()).right === edge, { what: 'room after a new style' });
    await page.evaluate(() => {
      const anew = document.createElement('div');
      anew.id = 'root';
      document.getElementById('root')?.replaceWith(anew);
    });
    await waitUntil(async () => (await rootEdges()).right === edge, { what: 'room in a new root' });
    await page.evaluate(() => document.getElementById('root')?.setAttribute('style', 'margin-right: 7px'));
    await waitUntil(async () => (await rootEdges()).right === edge, { what: 'room after a new margin' });
    await closePanel();
    expect((await rootEdges()).right).toBe(WINDOW_WIDTH - 7);
  });
});

describe('the panel', () => {
  it('shows a preview beside a board that takes no frames but those that ask to be taken', async () => {
    await open({
      headers: {
        'cross-origin-embedder-policy': 'require-corp',
        'cross-origin-opener-policy': 'same-origin',
        'content-security-policy': "default-src 'none'; script-src 'unsafe-inline'; frame-src 'none'",
      },
    });
    await openMenu('h4');
    await choosePreview();
    const app = await waitUntil(
      async () => {
        const environment = (await companion.environments())[0];
        return environment && page.frames().find((frame) => frame.url().startsWith(`${environment.origin}/`));
      },
      { what: 'the app in the panel', deadlineMs: 60_000 },
    );
    await app.waitForSelector('::-p-text(Plain page)');
  });

  it('is taken away with its room where a script left it that was ended without a word, as in Firefox', async () => {
    await open({
      script: `
        root.append(...cards);
        root.style.setProperty('margin-right', '500px', 'important');
        document.documentElement.append(document.createElement('vitrine-panel'));`,
    });
    await page.waitForSelector('vitrine-panel', { hidden: true });
    expect(await rootEdges()).toEqual({ left: 0, right: WINDOW_WIDTH });
  });

  it('goes with the extension, and the board has its room again', async () => {
    await open({});
    const before = await rootEdges();
    await openMenu('h4');
    await choosePreview();
    await (await background()).evaluate(() => {
      // Not while somebody waits for an answer.
      setTimeout(() => (globalThis as unknown as { chrome: ChromeInWorker }).chrome.runtime.reload());
    });
    await page.waitForSelector('vitrine-panel', { hidden: true });
    expect(await rootEdges()).toEqual(before);
  });
});

interface ChromeInWorker {
  runtime: { reload(): void };
  contextMenus: {
    onClicked: { dispatch(info: object, tab: unknown): void };
    update(id: string, properties: { visible: boolean }): Promise<void>;
  };
  tabs: { query(query: object): Promise<Array<{ id: number }>> };
  storage: { session: { get(key: string): Promise<Record<string, unknown>> } };
}

async function background(): Promise<WebWorker> {
  const service = await chromium.browser.waitForTarget((each) => each.type() === 'service_worker');
  const worker = await service.worker();
  if (!worker) throw new Error('The background is not running');
  // What the menu item is told; the browser does not say.
  await worker.evaluate(() => {
    const scope = globalThis as unknown as { chrome: ChromeInWorker; offered?: boolean };
    if (scope.offered !== undefined) return;
    scope.offered = false;
    const { update } = scope.chrome.contextMenus;
    scope.chrome.contextMenus.update = (id, properties) => {
      scope.offered = properties.visible;
      return update.call(scope.chrome.contextMenus, id, properties);
    };
  });
  return worker;
}

async function isOffered(): Promise<boolean> {
  return (await background()).evaluate(() => Boolean(Reflect.get(globalThis, 'offered')));
}

async function offeredIs(expected: boolean): Promise<void> {
  await waitUntil(async () => (await isOffered()) === expected, {
    what: `the item to be there: ${expected}`,
  });
}

async function found(selector: string) {
  const element = await page.waitForSelector(selector);
  if (!element) throw new Error(`There is no ${selector}`);
  return element;
}

/** The menu itself is the browser's. */
async function openMenu(selector: string): Promise<void> {
  await background();
  await (await found(selector)).click({ button: 'right' });
  await offeredIs(true);
}

async function choosePreview(): Promise<void> {
  await (await background()).evaluate(async () => {
    const { contextMenus, tabs } = (globalThis as unknown as { chrome: ChromeInWorker }).chrome;
    const [tab] = await tabs.query({ active: true, currentWindow: true });
    contextMenus.onClicked.dispatch({ menuItemId: 'preview-task' }, tab);
  });
  await waitUntil(async () => (await session('panel'))?.frameId !== undefined, { what: 'the panel' });
}

async function session(kind: 'panel' | 'shown'): Promise<Record<string, unknown> | undefined> {
  const stored = await (await background()).evaluate(async (prefix) => {
    const { tabs, storage } = (globalThis as unknown as { chrome: ChromeInWorker }).chrome;
    const [tab] = await tabs.query({ active: true, currentWindow: true });
    const key = `${prefix}:${tab?.id}`;
    return (await storage.session.get(key))[key];
  }, kind);
  return stored as Record<string, unknown> | undefined;
}

async function target(): Promise<unknown> {
  return (await session('panel'))?.target;
}

function panelEdge(): Promise<number> {
  return page.$eval('vitrine-panel', (host) => host.getBoundingClientRect().left);
}

function rootEdges(): Promise<{ left: number; right: number }> {
  return page.$eval('#root', (root) => {
    const { left, right } = root.getBoundingClientRect();
    return { left, right };
  });
}

async function closePanel(): Promise<void> {
  await page.mouse.click((await panelEdge()) + 3, 450);
  await page.keyboard.press('Escape');
  await page.waitForSelector('vitrine-panel', { hidden: true });
}
