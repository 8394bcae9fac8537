import type { Page } from 'puppeteer';
import { VitrineError } from '#shared/errors.ts';
import type { FakeCompanion } from './fake-companion.ts';
import { makeAttempt, makeEntry, stepsAt } from './sample-data.ts';
import { sampleRequests } from './sample-network.ts';
import { printValues } from './sample-values.ts';

/** A state of the workbench worth looking at. */
export interface Scene {
  name: string;
  prepare?(fake: FakeCompanion): void;
  /** What a person does once the page is there. */
  act?(page: Page, fake: FakeCompanion): Promise<void>;
}

const repository = { kind: 'repository', location: '/home/dev/shop' } as const;
const board = { kind: 'board', location: 'http://localhost:3000' } as const;
const onBoard = { kind: 'board', url: 'http://localhost:3000' } as const;

export const HOSTILE_TITLE =
  '<img src=x onerror=alert(1)> \u202egnp.exe\u202c and a title so long that no header of any width could hold all of it at once';

/** Two sources, a handful of attempts, three of them with an environment. */
export function populate(fake: FakeCompanion): void {
  const isolation = {
    network: 'enforced',
    files: 'enforced',
    processes: 'enforced',
    memory: 'enforced',
    cpu: 'enforced',
    disk: 'enforced',
    pids: 'enforced',
  } as const;
  fake.put({
    id: 'cart',
    title: 'Show the cart total in the header',
    worktree: '/w/cart',
    branch: 'vk/7f3a-cart-total',
  });
  fake.put({
    id: 'login',
    title: 'Let customers sign in with a passkey',
    worktree: '/w/login',
    branch: 'vk/91bc-passkey',
    agentId: 'codex',
    runtime: 'docker',
    isolation,
  });
  fake.put({
    id: 'search',
    title: 'Search as you type',
    worktree: '/w/search',
    branch: 'vk/02de-search',
    agentId: 'GEMINI',
    status: 'suspended',
  });
  const titles = ['Fix the rounding of prices', 'Dark theme', HOSTILE_TITLE];
  fake.attempts = {
    sources: [board, repository],
    attempts: [
      ...(['cart', 'login', 'search'] as const).map((id) => {
        const { title, agentId, worktree, branch } = fake.environments.get(id) ?? makeAttempt({ taskId: id });
        return makeAttempt({ taskId: `task-${id}`, title, agentId, worktree, branch, source: onBoard });
      }),
      ...titles.map((title, index) =>
        makeAttempt({ taskId: `t${index}`, title, branch: `vk/00${index}-attempt`, source: onBoard }),
      ),
      makeAttempt({ taskId: 'main', title: 'shop (main checkout)', agentId: 'local', branch: 'main' }),
    ],
  };
}

async function show(page: Page, title: string): Promise<void> {
  await page.locator(`button[aria-label*="${title}"].row-main`).click();
  await page.waitForSelector('.preview-header');
}

async function showCart(page: Page): Promise<void> {
  await show(page, 'Show the cart total in the header');
  await page.waitForFunction(() => !document.querySelector('.loading-bar'));
}

function withRequests(fake: FakeCompanion): void {
  populate(fake);
  for (const request of sampleRequests()) fake.request('cart', request);
}

async function showNetwork(page: Page): Promise<void> {
  await showCart(page);
  await page.locator('.network-handle').click();
  await page.waitForSelector('.requests, .console-empty');
  // From the beginning: a row half under the heads of the columns cannot be clicked.
  await page.evaluate(() => document.querySelector('.requests')?.scrollTo(0, 0));
}

async function showEnvironments(page: Page): Promise<void> {
  await page.locator('button[aria-label="All environments"]').click();
  await page.waitForSelector('.environment, .screen-message');
  await page.waitForFunction(() => !document.querySelector('.screen .spinner'));
}

async function openFile(page: Page, path: string): Promise<void> {
  await showCart(page);
  await page.locator('.editor-handle').click();
  await page.locator('.editor-filter input').fill(path);
  await page.waitForFunction(() => document.querySelectorAll('.file-tree .grid-row').length === 1);
  await page.locator('.file-tree .grid-row').click();
  await page
    .$eval('.editor-filter input', (input) => {
      (input as HTMLInputElement).value = '';
      input.dispatchEvent(new Event('input'));
    })
    .catch(() => undefined); // where there is no room, the list is gone
  await page.waitForSelector('.cm-content');
  await page.focus('.cm-content');
}

function fail(code: string, message: string, remedy: string, status: number): never {
  throw new VitrineError({ code, message, remedy, status });
}

const ESC = '\u001b';

/** What a real console holds: colours, stacks, a long line, hostile text. */
export function printLines(fake: FakeCompanion, id: string): void {
  const print = (change: Parameters<typeof makeEntry>[0]) =>
    fake.send(id, { channel: 'logs', data: { type: 'console', entry: makeEntry(change) } });
  print({ source: 'vitrine', service: undefined, level: 'info', text: 'Backend started: node server.js' });
  print({ text: `${ESC}[32m➜${ESC}[0m  listening on ${ESC}[1;36mhttp://127.0.0.1:3000${ESC}[0m` });
  print({ source: 'browser', service: undefined, level: 'debug', text: '[vite] connected.' });
  print({ text: `${ESC}[2mGET${ESC}[22m /api/products ${ESC}[32m200${ESC}[0m 3.1 ms` });
  print({
    source: 'browser',
    service: undefined,
    level: 'warn',
    text: 'Each child in a list should have a unique "key" prop.',
  });
  print({
    source: 'browser',
    service: undefined,
    level: 'error',
    text: "Uncaught TypeError: Cannot read properties of undefined (reading 'total')",
    stack: 'at CartBadge (src/cart/cart-badge.tsx:14:22)\nat renderWithHooks (react-dom.js:4821:18)',
  });
  print({ text: '<script>alert("log")</script> \u202etxet desrever\u202c end' });
  print({ text: '{"level":30,"msg":"order placed","order":{"id":7,"items":["<b>beans</b>"]}}' });
  for (let time = 0; time < 4; time++) print({ level: 'debug', text: 'poll /api/live' });
  print({ level: 'error', text: `POST /api/orders 500 ${'x'.repeat(3_000)}` });
}

export const SCENES: Scene[] = [
  { name: 'attempts-empty' },
  { name: 'attempts', prepare: populate },
  {
    name: 'attempts-filter-none',
    prepare: populate,
    act: async (page) => page.locator('.attempts input[type=search]').fill('nothing like it'),
  },
  {
    name: 'attempts-source-failed',
    prepare: (fake) => {
      populate(fake);
      const failure = {
        code: 'BOARD_UNREACHABLE',
        message: 'The board at http://localhost:3000 does not answer.',
        remedy: 'Start it with `npx vibe-kanban`, then try again.',
      };
      fake.attempts = {
        sources: [{ ...board, failure }, repository, { kind: 'repository', location: '/home/dev/empty' }],
        attempts: fake.attempts.attempts.filter((attempt) => attempt.source.kind === 'repository'),
      };
    },
  },
  {
    name: 'attempts-adding-refused',
    prepare: (fake) => {
      populate(fake);
      fake.intercept = (method, path) => {
        if (method === 'POST' && path === '/api/repositories')
          fail(
            'NOT_A_REPOSITORY',
            '/home/dev/nowhere is not a git repository.',
            'Give the folder that holds `.git`, or any folder in it.',
            400,
          );
      };
    },
    act: async (page) => {
      await page.locator('button[aria-label="Add a repository or board"]').click();
      await page.locator('.add-source .field').fill('/home/dev/nowhere');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.add-source .failure-notice');
    },
  },
  { name: 'preview', prepare: populate, act: showCart },
  {
    name: 'preview-device',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.locator('button[aria-label="Device size"]').click();
      await page.waitForSelector('.device-bar');
    },
  },
  {
    name: 'preview-isolation',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.locator('.isolation-badge').hover();
      await page.waitForSelector('.hover-card:popover-open');
    },
  },
  {
    name: 'preview-menu',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      const tight = await page.$eval(
        '.tight-actions',
        (element) => getComputedStyle(element).display !== 'none',
      );
      if (!tight && !(await page.$('button[aria-label="Compare with"]'))) return;
      await page.locator(tight ? '.tight-actions button' : 'button[aria-label="Compare with"]').click();
    },
  },
  {
    name: 'preview-stop',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      const tight = await page.$eval(
        '.tight-actions',
        (element) => getComputedStyle(element).display !== 'none',
      );
      if (tight) await page.locator('.tight-actions button').click();
      await page.locator(tight ? '.menu-item.danger' : '.roomy-actions button[aria-label="Stop"]').click();
      await page.waitForSelector('.announcement-action');
    },
  },
  {
    name: 'preview-starting',
    prepare: (fake) => {
      populate(fake);
      fake.put({
        id: 'cart',
        status: 'initializing',
        steps: stepsAt('dependencies', { done: 214, total: 631, detail: 'npm install, from the registry' }),
      });
    },
    act: async (page) => show(page, 'Show the cart total in the header'),
  },
  {
    name: 'preview-start-failed',
    prepare: (fake) => {
      populate(fake);
      const steps = stepsAt('backend');
      fake.put({
        id: 'cart',
        status: 'failed',
        steps: steps.map((step) =>
          step.name === 'backend'
            ? { ...step, status: 'failed', durationMs: 60_004, detail: 'Nothing listens on port 3000.' }
            : step,
        ),
        failure: {
          code: 'SERVICE_NEVER_READY',
          message: 'The backend did not listen on port 3000 within 60 s.',
          remedy:
            'Let it listen on the PORT it is given, or set isolation.backend.port in `.vibe-kanban/environment.yaml`.',
        },
      });
    },
    act: async (page) => show(page, 'Show the cart total in the header'),
  },
  { name: 'preview-suspended', prepare: populate, act: (page) => show(page, 'Search as you type') },
  {
    name: 'preview-service-failed',
    prepare: (fake) => {
      populate(fake);
      const failure = {
        code: 'SERVICE_CRASHED',
        message: 'backend ended with code 1 three times within a minute.',
        remedy: 'Its log names the cause; it starts again with the next restart.',
      };
      fake.put({ id: 'cart', services: [{ name: 'backend', status: 'failed', restarts: 3, failure }] });
      fake.send('cart', {
        channel: 'preview',
        data: {
          type: 'build_error',
          error: { message: 'Unexpected token', file: 'src/app.tsx', line: 12, column: 3 },
        },
      });
      printLines(fake, 'cart');
    },
    act: showCart,
  },
  {
    name: 'console',
    prepare: (fake) => {
      populate(fake);
      printLines(fake, 'cart');
    },
    act: async (page) => {
      await showCart(page);
      await page.locator('.console-handle').click();
      await page.waitForSelector('.console-row');
      await page.$eval('.console-list', (list) => list.scrollTo(0, 0));
      await page.locator('.console-stack summary').click();
    },
  },
  {
    name: 'console-values',
    prepare: (fake) => {
      populate(fake);
      printValues(fake, 'cart');
    },
    act: async (page) => {
      await showCart(page);
      await page.locator('.console-handle').click();
      await page.locator('.console-field').fill('cart.items.map((item) => item.price)');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.console-row.result');
      await page.keyboard.type('await fetch("/api/cart")');
      await page.keyboard.down('Shift');
      await page.keyboard.press('Enter');
      await page.keyboard.up('Shift');
      await page.keyboard.type('  .then((answer) => answer.json())');
      await page.locator('.console-row .json-node > summary').click();
      await page.locator('.console-row .json-children .json-node > summary').click();
      await page.$eval('.console-list', (list) => list.scrollTo(0, 0));
    },
  },
  {
    name: 'environments',
    prepare: (fake) => {
      populate(fake);
      fake.put({
        id: 'evil',
        title: HOSTILE_TITLE,
        branch: '\u202e<b>branch</b>',
        worktree: '/w/evil',
        status: 'failed',
      });
      const wave = (index: number) => 20 + 15 * Math.sin(index / 3);
      fake.usage.set(
        'cart',
        Array.from({ length: 40 }, (_, index) => ({
          at: index,
          cpuPercent: wave(index),
          memoryBytes: 180_000_000 + wave(index) * 1_000_000,
          processes: 4,
        })),
      );
    },
    act: showEnvironments,
  },
  {
    name: 'settings',
    prepare: populate,
    act: async (page) => {
      await page.locator('button[aria-label="Settings"]').click();
      await page.waitForSelector('.settings');
    },
  },
  {
    name: 'settings-config',
    prepare: populate,
    act: async (page) => {
      await page.locator('button[aria-label="Settings"]').click();
      await page.locator('.config-field.number input').fill('250');
      await page.locator('.config-list').fill('api.example.org');
      await page.locator('.config-actions .primary').click();
      await page.waitForSelector('.config-review .cm-editor');
    },
  },
  {
    name: 'palette',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.focus('.console-handle');
      await page.keyboard.down('Control');
      await page.keyboard.press('k');
      await page.keyboard.up('Control');
      await page.waitForSelector('.chooser[open]');
      await page.keyboard.type('pho');
    },
  },
  {
    name: 'shortcuts',
    prepare: populate,
    act: async (page) => {
      await page.keyboard.type('?');
      await page.waitForSelector('.shortcut-sheet[open]');
    },
  },
  {
    name: 'dashboard',
    prepare: (fake) => {
      populate(fake);
      const measured = (count: number, usual: number) =>
        Array.from({ length: count }, (_, index) => ({
          at: 1_760_000_000_000 + (index * 72_000_000) / count,
          durationMs: usual * (1 + 0.6 * Math.abs(Math.sin(index * 1.7)) + (index % 17 === 0 ? 1.5 : 0)),
        }));
      fake.history = {
        starts: Array.from({ length: 40 }, (_, index) => ({
          at: 1_760_000_000_000 + index * 1_800_000,
          durationMs: 700 + 400 * Math.abs(Math.sin(index)) + (index % 11 === 0 ? 2_600 : 0),
        })),
        failures: [{ at: 1_760_020_000_000 }, { at: 1_760_050_000_000 }],
        loads: measured(120, 300),
        hotReloads: measured(300, 80),
        verdicts: [],
      };
    },
    act: async (page) => {
      await showEnvironments(page);
      await page.locator('.screen-header .button').click();
      await page.waitForSelector('.plot canvas');
    },
  },
  { name: 'environments-empty', act: showEnvironments },
  {
    name: 'environments-bulk',
    prepare: populate,
    act: async (page) => {
      await showEnvironments(page);
      await page.locator('.environment input').click();
      await page.locator('.bulk .danger').click();
      await page.waitForSelector('.announcement-action');
    },
  },
  { name: 'editor', prepare: populate, act: (page) => openFile(page, 'src/app.tsx') },
  {
    name: 'editor-search',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      const isNarrow = await page.evaluate(() => innerWidth < 900);
      if (isNarrow) await page.locator('button[aria-label="Show or hide the list of files"]').click();
      await page.locator('.editor-sidebar .segments label:nth-of-type(2)').click();
      await page.locator('.editor-sidebar input[type=search]').fill('cart');
      await page.keyboard.press('Enter');
      await page.waitForSelector('.search-matches');
    },
  },
  {
    name: 'editor-diff',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      await page.locator('button[aria-label="What the attempt changed in this file"]').click();
      await page.waitForSelector('.diff .cm-editor');
    },
  },
  {
    name: 'editor-all-changes',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      const isNarrow = await page.evaluate(() => innerWidth < 900);
      if (isNarrow) await page.locator('button[aria-label="Show or hide the list of files"]').click();
      await page.locator('.editor-sidebar .segments label:nth-of-type(3)').click();
      await page.locator('.all-changes .button').click();
      await page.waitForSelector('.changed-file .cm-editor');
    },
  },
  {
    name: 'editor-conflict',
    prepare: populate,
    act: async (page, fake) => {
      fake.sources.autoSave = false;
      await openFile(page, 'src/style.css');
      await page.locator('.cm-content').click();
      await page.keyboard.type('/* mine */ ');
      fake.sources.files.set('src/style.css', 'main { color: red }\n');
      fake.send('cart', { channel: 'state', data: { type: 'file_change', paths: ['src/style.css'] } });
      await page.waitForSelector('.editor-notice');
      await page.locator('.editor-notice .button').click();
      await page.waitForSelector('.conflict-diff .cm-editor');
    },
  },
  {
    name: 'editor-quick-open',
    prepare: populate,
    act: async (page) => {
      await openFile(page, 'src/app.tsx');
      await page.keyboard.down('Control');
      await page.keyboard.press('p');
      await page.keyboard.up('Control');
      await page.waitForSelector('.chooser[open]');
      await page.keyboard.type('cart');
    },
  },
  { name: 'network-empty', prepare: populate, act: showNetwork },
  { name: 'network', prepare: withRequests, act: showNetwork },
  {
    name: 'network-detail',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.locator('#requests-6 .name').click();
      await page.waitForSelector('.fact');
      await page.locator('.tab:nth-of-type(3)').click();
      await page.waitForSelector('.json-node');
    },
  },
  {
    name: 'network-picture',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.evaluate(() => document.querySelector('#requests-13')?.scrollIntoView());
      await page.locator('#requests-13 .name').click();
      await page.waitForSelector('.fact');
      await page.locator('.tab:nth-of-type(3)').click();
      await page.waitForSelector('.body-image');
    },
  },
  {
    name: 'network-blocked',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.locator('#requests-10 .name').click();
      await page.waitForSelector('.request-detail .failure-notice');
    },
  },
  {
    name: 'network-timing',
    prepare: withRequests,
    act: async (page) => {
      await showNetwork(page);
      await page.locator('#requests-5 .name').click();
      await page.waitForSelector('.fact');
      await page.locator('.tab:nth-of-type(4)').click();
    },
  },
  {
    name: 'opening-refused',
    prepare: (fake) => {
      populate(fake);
      fake.intercept = (method, path) => {
        if (method === 'POST' && path === '/api/environments')
          fail(
            'WORKTREE_MISSING',
            'The worktree /w/t0 is not there any more.',
            'Start a new attempt on the board, or restore it with `git worktree repair`.',
            409,
          );
      };
    },
    act: async (page) => {
      await page.locator('button[aria-label*="Dark theme"].row-main').click();
      await page.waitForSelector('.overlay .failure-notice');
    },
  },
  {
    name: 'opening-hostile',
    prepare: (fake) => {
      populate(fake);
      fake.put({ id: 'evil', title: HOSTILE_TITLE, branch: '\u202e<b>branch</b>', worktree: '/w/evil' });
    },
    act: async (page) => {
      await page.evaluate(() => {
        const rows = [...document.querySelectorAll<HTMLElement>('.row-main')];
        rows
          .find((row) => row.textContent?.includes('onerror') && row.textContent.includes('branch'))
          ?.click();
      });
      await page.waitForSelector('.preview-header');
    },
  },
  {
    name: 'connection-lost',
    prepare: populate,
    act: async (page, fake) => {
      await showCart(page);
      await fake.close();
      await page.waitForSelector('.connection-banner');
    },
  },
  {
    name: 'signed-out',
    prepare: (fake) => {
      fake.intercept = () => fail('UNAUTHORISED', 'No session.', 'Sign in.', 401);
    },
    act: async (page) => {
      await page.waitForSelector('.connection-card');
    },
  },
];

/** Only where there is room for two. */
export const WIDE_SCENES: Scene[] = [
  {
    name: 'compare',
    prepare: populate,
    act: async (page) => {
      await showCart(page);
      await page.locator('button[aria-label="Compare with"]').click();
      await page.locator('.menu-item').click();
      await page.waitForFunction(() => document.querySelectorAll('.preview-header').length === 2);
      await page.waitForFunction(() => !document.querySelector('.loading-bar'));
    },
  },
];
