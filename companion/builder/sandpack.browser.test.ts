import { readdir } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { waitUntil } from '../../e2e/wait-until.ts';
import {
  manyImports,
  reactWithoutVite,
  reactWithVite5,
  reactWithVite8,
  vueWithVite8,
} from './testing/fixture-apps.ts';
import { color, isHeading, overlay, Previews, text } from './testing/previews.ts';

const previews = Previews.inThisFile();

describe('an app with its own Vite', () => {
  it('renders with its page, its variables, its files and nothing of its secrets', async () => {
    const { preview } = await previews.start(reactWithVite8, { appEnv: { VITE_API_URL: 'http://api.test' } });
    const page = await previews.open(preview, '/deep/link');
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
    const { app, preview } = await previews.start(reactWithVite8);
    const page = await previews.open(preview);
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

  it('reports its console, its errors and its routes', async () => {
    const { preview } = await previews.start(reactWithVite8);
    const page = await previews.open(preview);
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
    const { app, preview } = await previews.start(reactWithVite8);
    const [first, second] = [await previews.open(preview), await previews.open(preview, '/other')];
    await first.$eval('button', (button) => button.click());
    preview.changed(await app.write('src/greeting.ts', "export const greeting = 'Both';\n"));
    await Promise.all([isHeading(first, 'Both'), isHeading(second, 'Both')]);
    expect([await text(first, 'button'), await text(second, 'button')]).toEqual(['count 1', 'count 0']);
    await second.reload();
    await isHeading(second, 'Both');
    expect(await text(second, 'output')).toContain('/other');
  });

  it('takes a package that is imported later', async () => {
    const { app, preview } = await previews.start(reactWithVite8);
    const page = await previews.open(preview);
    preview.changed(
      await app.write(
        'src/greeting.ts',
        "import { version } from 'react-dom';\nexport const greeting = 'with ' + version.split('.')[0];\n",
      ),
    );
    await isHeading(page, 'with 19');
  });

  it('obeys the workbench that frames it, and nobody else', async () => {
    const { preview } = await previews.start(reactWithVite8);
    const page = await previews.newPage();
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
    const { preview } = await previews.start(reactWithVite8);
    const page = await previews.newPage();
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
    const { app, preview } = await previews.start(reactWithVite8);
    const before = (await readdir(app.root, { recursive: true })).filter(
      (path) => !path.includes('node_modules/'),
    );
    await previews.open(preview);
    const after = (await readdir(app.root, { recursive: true })).filter(
      (path) => !path.includes('node_modules/'),
    );
    expect(after).toEqual(before);
  });
});

describe('other projects', () => {
  it('Vue keeps state through a change of a template', async () => {
    const { app, preview } = await previews.start(vueWithVite8);
    const page = await previews.open(preview);
    await page.click('button');
    preview.changed(await app.replace('src/app.vue', '<h1>Hello</h1>', '<h1>Edited</h1>'));
    await isHeading(page, 'Edited');
    expect(await text(page, 'button')).toBe('count 1');
    preview.changed(await app.replace('src/app.vue', 'rgb(1, 2, 3)', 'rgb(4, 5, 6)'));
    await waitUntil(async () => (await color(page, 'h1')) === 'rgb(4, 5, 6)', { what: 'the new colour' });
    expect(await text(page, 'button')).toBe('count 1');
  });

  it('takes imports of every kind as Vite does', async () => {
    const { preview } = await previews.start(manyImports);
    const page = await previews.open(preview, '/app/');
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
    const { app, preview } = await previews.start(reactWithVite5);
    const page = await previews.open(preview);
    await page.click('button');
    preview.changed(await app.replace('src/app.tsx', '<h1>{greeting}', '<h1>{greeting}, five'));
    await isHeading(page, 'Hello, five');
    expect(await text(page, 'button')).toBe('count 1');
  });

  it('a project without Vite goes through the bundler’s own transpilers', async () => {
    const { app, preview } = await previews.start(reactWithoutVite);
    const page = await previews.open(preview);
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
    const { app, preview } = await previews.start({
      'package.json': '{"name":"plain"}',
      'index.html':
        '<!doctype html><title>Plain</title><link rel="stylesheet" href="style.css"><h1>Plain</h1><button>0</button><script src="app.js"></script>',
      'style.css': 'button { color: rgb(1, 2, 3); }',
      'app.js': 'document.querySelector("button").onclick = (event) => { event.target.textContent = "1"; };',
    });
    const page = await previews.open(preview);
    await page.click('button');
    preview.changed(await app.write('style.css', 'button { color: rgb(4, 5, 6); }'));
    await waitUntil(async () => (await color(page, 'button')) === 'rgb(4, 5, 6)', { what: 'the new colour' });
    expect(await text(page, 'button')).toBe('1');
    preview.changed(await app.replace('index.html', '<h1>Plain</h1>', '<h1>Edited</h1>'));
    await isHeading(page, 'Edited');
  });
});
