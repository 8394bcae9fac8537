import { execFileSync } from 'node:child_process';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Chromium, startChromium } from '../../e2e/browsers/chromium.ts';
import { waitUntil } from '../../e2e/wait-until.ts';
import { FixtureApp, type FixtureFiles } from './testing/fixture-app.ts';
import {
  manyImports,
  reactWithoutVite,
  reactWithVite5,
  reactWithVite8,
  vueWithVite8,
} from './testing/fixture-apps.ts';
import { type PreviewOptions, PreviewServer } from './testing/preview-server.ts';

let chromium: Chromium;
let shared: string;
const endings: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  execFileSync(process.execPath, [join(import.meta.dirname, '../../extension/providers/sandpack/build.ts')]);
  shared = await mkdtemp(join(tmpdir(), 'vitrine-shared-'));
  chromium = await startChromium();
});
afterAll(async () => {
  await chromium?.stop();
  await rm(shared, { recursive: true, force: true });
});
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

async function start(files: FixtureFiles, options: Partial<PreviewOptions> = {}) {
  const app = await FixtureApp.create(files);
  endings.push(() => app.remove());
  const preview = await PreviewServer.start({ root: app.root, sharedCacheDirectory: shared, ...options });
  endings.push(() => preview.close());
  return { app, preview };
}

async function open(preview: PreviewServer, path = '/'): Promise<Page> {
  const page = await chromium.browser.newPage();
  endings.push(() => page.close());
  await page.goto(`${preview.origin}${path}`);
  await page.waitForSelector('button');
  return page;
}

/** A page that counted to one, whose companion ended, and a file that changed since. */
async function openAndLeave() {
  const cacheDirectory = await mkdtemp(join(tmpdir(), 'vitrine-cache-'));
  endings.push(() => rm(cacheDirectory, { recursive: true, force: true }));
  const { app, preview } = await start(reactWithVite8, { cacheDirectory });
  const page = await open(preview);
  await page.click('button');
  const { port } = preview;
  await preview.close();
  await app.write('src/greeting.ts', "export const greeting = 'Missed';\n");
  const comeBack = async () => {
    const options = { root: app.root, sharedCacheDirectory: shared, cacheDirectory, port };
    const again = await PreviewServer.start(options);
    endings.push(() => again.close());
    return again;
  };
  return { app, page, comeBack };
}

const text = (page: Page, selector: string) => page.$eval(selector, (element) => element.textContent);
const isHeading = (page: Page, heading: string) =>
  // A page in the background has no frames to wait for.
  page.waitForFunction(
    (wanted) => document.querySelector('h1')?.textContent === wanted,
    { polling: 20 },
    heading,
  );
const overlay = (page: Page) =>
  page.$eval('vitrine-error', (element) => element.shadowRoot?.querySelector('section')?.textContent ?? '');
/** The one that Vite's client shows. */
const viteOverlay = (page: Page) =>
  page.$eval(
    'vite-error-overlay',
    (element) => element.shadowRoot?.querySelector('.window')?.textContent ?? '',
  );
const color = (page: Page, selector: string) =>
  page.$eval(selector, (element) => getComputedStyle(element).color);

describe('an app with its own Vite', () => {
  it('renders with its page, its variables, its files and nothing of its secrets', async () => {
    const { preview } = await start(reactWithVite8, { appEnv: { VITE_API_URL: 'http://api.test' } });
    const page = await open(preview, '/deep/link');
    expect(await text(page, 'output')).toBe('/deep/link http://api.test own');
    expect(
      await page.evaluate(() => [document.title, document.documentElement.lang, document.body.className]),
    ).toEqual(['Fixture', 'de', 'from-page']);
    expect(await page.evaluate(() => Reflect.get(window, 'inlineRan'))).toBe(true);
    const fetched = (path: string) =>
      page.evaluate(async (url) => {
        const response = await fetch(url);
        return response.ok ? await response.text() : response.status;
      }, path);
    expect(await fetched('/hello.txt')).toBe('from public\n');
    expect(await fetched('/src/mark.svg')).toContain('<svg');
    for (const secret of ['/.env', '/%2eenv', '/src/../.env', '/@fs/etc/hostname']) {
      expect([403, 404]).toContain(await fetched(secret));
    }
  });

  it('keeps the state of components through edits, and swaps style sheets without a reload', async () => {
    const { app, preview } = await start(reactWithVite8);
    const page = await open(preview);
    await page.click('button');
    preview.changed(await app.replace('src/app.tsx', '<h1>{greeting}', '<h1>{greeting}, you'));
    await isHeading(page, 'Hello, you');
    preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Bye';\n"));
    await isHeading(page, 'Bye, you');
    preview.changed(await app.write('src/app.css', 'button { color: rgb(7, 8, 9); }\n'));
    await waitUntil(async () => (await color(page, 'button')) === 'rgb(7, 8, 9)', { what: 'the new colour' });
    expect(await text(page, 'button')).toBe('count 1');
    await waitUntil(
      () => preview.events.some(({ channel, data }) => channel === 'preview' && data.type === 'hot_update'),
      { what: 'the time of a hot update' },
    );
  });

  it('shows a mistake with its place over the app as it was, until it is mended', async () => {
    const { app, preview } = await start(reactWithVite8);
    const page = await open(preview);
    await page.click('button');
    preview.changed(await app.replace('src/app.tsx', '</main>', '</mane>'));
    await page.waitForSelector('vite-error-overlay');
    expect(await viteOverlay(page)).toMatch(/src\/app\.tsx:\d+:\d+/);
    expect(await text(page, 'button')).toBe('count 1');
    preview.changed(await app.replace('src/app.tsx', '</mane>', '</main>'));
    await page.waitForSelector('vite-error-overlay', { hidden: true });
    expect(await text(page, 'button')).toBe('count 1');
  });

  it('reports its console, its errors and its routes', async () => {
    const { preview } = await start(reactWithVite8);
    const page = await open(preview);
    // In a script of the page's own: errors of injected ones are hidden from it.
    await page.addScriptTag({
      content: `
        console.warn('low on %s', 'tea', { cups: [1] });
        history.pushState(null, '', '/cart?x=1');
        setTimeout(() => { throw new TypeError('uncaught one'); });
        Promise.reject(new Error('unhandled one'));`,
    });
    const says = (part: string) =>
      preview.console.find(({ source, text: line }) => source === 'browser' && line.includes(part));
    await waitUntil(() => says('uncaught one') && says('unhandled one') && says('low on'), {
      what: 'the lines',
    });
    expect(says('low on')).toMatchObject({
      level: 'warn',
      text: 'low on tea { cups: [1] }',
      values: [{ text: 'low on tea' }, { type: 'object', entries: [{ key: 'cups' }] }],
    });
    expect(says('uncaught one')).toMatchObject({
      level: 'error',
      stack: expect.stringContaining('TypeError'),
    });
    const routes = preview.events.flatMap(({ channel, data }) =>
      channel === 'preview' && data.type === 'route_change' ? [data.route] : [],
    );
    expect(routes).toEqual(['/', '/cart?x=1']);
    await waitUntil(() => preview.steps.includes('paint:done'), { what: 'the first paint' });
  });

  it('serves several pages at once, each with its own state, and reloads to the newest', async () => {
    const { app, preview } = await start(reactWithVite8);
    const [first, second] = [await open(preview), await open(preview, '/other')];
    await first.$eval('button', (button) => button.click());
    preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Both';\n"));
    await Promise.all([isHeading(first, 'Both'), isHeading(second, 'Both')]);
    expect([await text(first, 'button'), await text(second, 'button')]).toEqual(['count 1', 'count 0']);
    await second.reload();
    await isHeading(second, 'Both');
    expect(await text(second, 'output')).toContain('/other');
  });

  it('says what is wrong with a vite.config, with its place, and starts when it is mended', async () => {
    const { app, preview } = await start({
      ...reactWithVite8,
      'vite.config.ts': 'export default {\n  plugins: [,\n',
    });
    const page = await chromium.browser.newPage();
    endings.push(() => page.close());
    const response = await page.goto(preview.origin);
    expect(response?.status()).toBe(503);
    await page.waitForSelector('vitrine-error');
    expect(await overlay(page)).toContain('vite.config.ts:');
    preview.changed(await app.write('vite.config.ts', reactWithVite8['vite.config.ts'] ?? ''));
    await page.waitForSelector('button');
  });

  it('takes a package that is imported later', async () => {
    const { app, preview } = await start(reactWithVite8);
    const page = await open(preview);
    preview.changed(
      await app.write(
        'src/greeting.ts',
        "import { version } from 'react-dom';\nexport const greeting = 'with ' + version.split('.')[0];\n",
      ),
    );
    await isHeading(page, 'with 19');
  });

  it('survives the end of its builder', async () => {
    const { app, preview } = await start(reactWithVite8);
    const page = await open(preview);
    await page.click('button');
    process.kill(preview.pod.pids.at(-1) ?? 0, 'SIGKILL');
    await waitUntil(() => preview.pod.pids.length === 2, { what: 'the builder to be started again' });
    preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Back';\n"));
    await isHeading(page, 'Back');
    expect(await text(page, 'button')).toBe('count 1');
    expect(preview.console.some(({ text: line }) => line.includes('The builder of the frontend ended'))).toBe(
      true,
    );
  });

  it('goes on when the companion comes back, and catches up on what it missed', async () => {
    const { page, comeBack } = await openAndLeave();
    await comeBack();
    await isHeading(page, 'Missed');
    expect(await text(page, 'button')).toBe('count 1');
  });

  it('catches up on what it missed and on what followed when it is back after its builder', async () => {
    const { app, page, comeBack } = await openAndLeave();
    // As one that pauses between its attempts, or on a machine that slept.
    await page.setOfflineMode(true);
    const again = await comeBack();
    await waitUntil(() => again.steps.includes('build:done'), { what: 'the builder to be ready' });
    again.changed(await app.replace('src/app.tsx', 'count {count}', 'now {count}'));
    await isHeading(await open(again), 'Missed');
    await page.setOfflineMode(false);
    await isHeading(page, 'Missed');
    await page.waitForFunction(() => document.querySelector('button')?.textContent === 'now 1', {
      polling: 20,
    });
  });

  it('obeys the workbench that frames it, and nobody else', async () => {
    const { preview } = await start(reactWithVite8);
    const page = await chromium.browser.newPage();
    endings.push(() => page.close());
    // The companion's control origin: same port, this machine. The preview server answers it as any other.
    await page.goto(`http://localhost:${preview.port}/hello.txt`);
    const heard = await page.evaluate(async (origin) => {
      const frame = document.createElement('iframe');
      const messages: { type: string; route?: string }[] = [];
      const until = (type: string) =>
        new Promise<void>((resolve) => {
          const timer = setInterval(() => {
            if (!messages.some((message) => message.type === type)) return;
            clearInterval(timer);
            resolve();
          }, 20);
        });
      addEventListener('message', (event) => {
        if (event.origin === origin) messages.push(event.data);
      });
      frame.src = origin;
      document.body.append(frame);
      await until('vitrine:hello');
      frame.contentWindow?.postMessage({ type: 'compile', codesandbox: true, modules: {} }, origin);
      frame.contentWindow?.postMessage({ type: 'vitrine:connect' }, origin);
      await until('vitrine:painted');
      messages.length = 0;
      frame.contentWindow?.postMessage({ type: 'vitrine:go', route: '/there' }, origin);
      await until('vitrine:hello');
      frame.contentWindow?.postMessage({ type: 'vitrine:connect' }, origin);
      await until('vitrine:route');
      return messages.find(({ type }) => type === 'vitrine:route')?.route;
    }, preview.origin);
    expect(heard).toBe('/there');
  });

  it('evaluates what is asked over the page’s own connection, and nothing that a window message asks for', async () => {
    const { preview } = await start(reactWithVite8);
    const page = await chromium.browser.newPage();
    endings.push(() => page.close());
    await page.goto(`http://localhost:${preview.port}/hello.txt`);
    const frameId = await page.evaluate(async (origin) => {
      const frame = document.createElement('iframe');
      const hello = new Promise<string>((resolve) => {
        addEventListener('message', ({ data, origin: from }) => {
          if (from === origin && data.type === 'vitrine:hello') resolve(data.frameId);
        });
      });
      frame.src = origin;
      document.body.append(frame);
      return hello;
    }, preview.origin);
    const soon = () => AbortSignal.timeout(5_000);
    const evaluate = (source: string) => preview.frontend.evaluate(frameId, source, soon());
    await waitUntil(() => preview.frontend.pages > 0, { what: 'the page’s connection' });

    // Attack 17: the workbench’s own origin and window, every shape that ever meant it.
    await page.evaluate(async (origin) => {
      const source = 'globalThis.owned = true';
      const target = document.querySelector('iframe')?.contentWindow;
      const types = ['evaluate', 'vitrine:evaluate', 'compile', 'vitrine:connect'];
      for (const type of types) {
        const id = crypto.randomUUID();
        target?.postMessage({ type, codesandbox: true, id, source, command: source }, origin);
      }
      // The last of them is one it answers.
      await new Promise<void>((resolve) => {
        addEventListener('message', ({ data }) => data.type === 'vitrine:route' && resolve());
      });
    }, preview.origin);
    expect(await evaluate('[typeof owned, document.title, { a: { b: new Map([[1, 2]]) } }]')).toMatchObject({
      thrown: false,
      value: {
        type: 'array',
        entries: [
          { value: { text: 'undefined' } },
          { value: { text: 'Fixture' } },
          { value: { entries: [{ key: 'a', value: { entries: [{ key: 'b', value: { type: 'map' } }] } }] } },
        ],
      },
    });
    expect(await evaluate('document.head')).toMatchObject({ value: { text: '<head>' } });
    expect(await evaluate('missing.name')).toMatchObject({
      thrown: true,
      value: { type: 'error', text: 'ReferenceError: missing is not defined' },
      stack: expect.stringContaining('ReferenceError'),
    });
    await expect(preview.frontend.evaluate('another', '1', soon())).rejects.toMatchObject({
      code: 'PAGE_UNKNOWN',
    });
  });

  it('writes nothing into the worktree', async () => {
    const { app, preview } = await start(reactWithVite8);
    const before = (await readdir(app.root, { recursive: true })).filter(
      (path) => !path.includes('node_modules/'),
    );
    await open(preview);
    const after = (await readdir(app.root, { recursive: true })).filter(
      (path) => !path.includes('node_modules/'),
    );
    expect(after).toEqual(before);
  });
});

describe('other projects', () => {
  it('Vue keeps state through a change of a template', async () => {
    const { app, preview } = await start(vueWithVite8);
    const page = await open(preview);
    await page.click('button');
    preview.changed(await app.replace('src/app.vue', '<h1>Hello</h1>', '<h1>Edited</h1>'));
    await isHeading(page, 'Edited');
    expect(await text(page, 'button')).toBe('count 1');
    preview.changed(await app.replace('src/app.vue', 'rgb(1, 2, 3)', 'rgb(4, 5, 6)'));
    await waitUntil(async () => (await color(page, 'h1')) === 'rgb(4, 5, 6)', { what: 'the new colour' });
    expect(await text(page, 'button')).toBe('count 1');
  });

  it('takes imports of every kind as Vite does', async () => {
    const { preview } = await start(manyImports);
    const page = await open(preview, '/app/');
    await page.waitForFunction(() => document.querySelector('pre')?.textContent?.includes('"done":true'));
    expect(JSON.parse((await text(page, 'pre')) ?? '')).toEqual({
      inline: true,
      package: 172_800_000,
      module: 'string',
      json: 42,
      cycle: 'function',
      asset: '/app/src/mark.png',
      raw: 'raw words',
      glob: [1, 2],
      late: 'awaited',
      define: 'config',
      base: '/app/',
      url: '/app/src/main.ts',
      process: 'undefined',
      normalized: '0px',
      done: true,
    });
    const statuses = await page.evaluate(() =>
      Promise.all(['/app/src/mark.png', '/app/icon.svg'].map(async (url) => (await fetch(url)).status)),
    );
    expect(statuses).toEqual([200, 200]);
  });

  it('an older Vite keeps state as well', async () => {
    const { app, preview } = await start(reactWithVite5);
    const page = await open(preview);
    await page.click('button');
    preview.changed(await app.replace('src/app.tsx', '<h1>{greeting}', '<h1>{greeting}, five'));
    await isHeading(page, 'Hello, five');
    expect(await text(page, 'button')).toBe('count 1');
  });

  it('a project without Vite goes through the bundler’s own transpilers', async () => {
    const { app, preview } = await start(reactWithoutVite);
    const page = await open(preview);
    expect(await text(page, 'output')).toBe('named');
    await page.click('button');
    preview.changed(await app.replace('src/App.js', '<h1>Hello</h1>', '<h1>Edited</h1>'));
    await isHeading(page, 'Edited');
    expect(await text(page, 'button')).toBe('count 1');
    preview.changed(await app.replace('src/App.js', '</main>', '</mane>'));
    await page.waitForSelector('vitrine-error');
    expect(await overlay(page)).toContain('src/App.js');
    preview.changed(await app.replace('src/App.js', '</mane>', '</main>'));
    await page.waitForSelector('vitrine-error', { hidden: true });
  });

  it('a plain site is served as it is, and its style sheets change in place', async () => {
    const { app, preview } = await start({
      'package.json': '{"name":"plain"}',
      'index.html':
        '<!doctype html><title>Plain</title><link rel="stylesheet" href="style.css"><h1>Plain</h1><button>0</button><script src="app.js"></script>',
      'style.css': 'button { color: rgb(1, 2, 3); }',
      'app.js': 'document.querySelector("button").onclick = (event) => { event.target.textContent = "1"; };',
    });
    const page = await open(preview);
    await page.click('button');
    preview.changed(await app.write('style.css', 'button { color: rgb(4, 5, 6); }'));
    await waitUntil(async () => (await color(page, 'button')) === 'rgb(4, 5, 6)', { what: 'the new colour' });
    expect(await text(page, 'button')).toBe('1');
    preview.changed(await app.replace('index.html', '<h1>Plain</h1>', '<h1>Edited</h1>'));
    await isHeading(page, 'Edited');
  });
});
