import { rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Page } from 'puppeteer';
import { expect, test } from 'vitest';
import { configDraftSchema } from '#shared/api/config.ts';
import { PreviewsInChromium } from '../previews-in-chromium.ts';

/** A dev server without packages: its page says what `text` says, and hears on a socket what it says by now. */
const SERVER = `import { createHash } from 'node:crypto';
import { readFileSync, watchFile } from 'node:fs';
import { createServer } from 'node:http';
const page = () => \`<!doctype html><title>Own</title><h1>Own server: \${readFileSync('text', 'utf8')}</h1>
<script>new WebSocket('ws://' + location.host + '/ws').onmessage = ({ data }) => { document.querySelector('h1').textContent = data; };</script>\`;
const sockets = new Set();
const frame = () => {
  const text = Buffer.from('Own server: ' + readFileSync('text', 'utf8'));
  return Buffer.concat([Buffer.from([0x81, text.length]), text]);
};
const server = createServer((request, response) => response.setHeader('content-type', 'text/html').end(page()));
server.on('upgrade', (request, socket) => {
  const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
  socket.write('HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: upgrade\\r\\nsec-websocket-accept: ' + accept + '\\r\\n\\r\\n');
  socket.write(frame());
  sockets.add(socket.on('error', () => sockets.delete(socket)).on('close', () => sockets.delete(socket)));
});
watchFile('text', { interval: 50 }, () => {
  for (const socket of sockets) socket.write(frame());
  console.log('sent ' + frame().subarray(2));
});
server.listen(process.env.PORT, '127.0.0.1');
`;
const FILES = {
  'package.json': JSON.stringify({ name: 'both', scripts: { dev: 'node serve.mjs' } }),
  'index.html': '<!doctype html><title>Plain</title><h1>Plain page</h1>',
  'serve.mjs': SERVER,
  text: 'one',
};
const previews = new PreviewsInChromium();

const heading = (page: Page, text: string) =>
  page.waitForFunction((wanted) => document.querySelector('h1')?.textContent === wanted, {}, text);

test('a frontend is switched to the project’s own dev server and back, and open pages follow', async () => {
  const preview = await previews.open(FILES);
  const { id, page } = preview;
  await heading(page, 'Plain page');
  const provider = (name: string) =>
    previews.companion.fetch(`/api/environments/${id}/provider`, {
      method: 'POST',
      body: { provider: name },
    });
  expect((await provider('devserver')).status).toBe(200);
  await heading(page, 'Own server: one');
  expect(await previews.companion.environment(id)).toMatchObject({
    provider: 'devserver',
    providerReason: 'chosen by you',
  });
  expect((await provider('sandpack')).status).toBe(200);
  await heading(page, 'Plain page');
  await previews.close(preview);
});

test('with hot_reload off a page of a dev server stays as it was loaded, and shows the rest with the next load', async () => {
  const preview = await previews.open({
    ...FILES,
    '.vibe-kanban/environment.yaml': 'isolation: { provider: devserver, frontend: { hot_reload: false } }\n',
  });
  const { id, worktree, page } = preview;
  await heading(page, 'Own server: one');
  await save(worktree, 'two');
  await expect.poll(() => previews.console(id)).toContain('sent Own server: two');
  // What was sent would be there by now.
  await page.evaluate(() => new Promise((resolve) => setTimeout(resolve, 1_500)));
  expect(await page.$eval('h1', (found) => found.textContent)).toBe('Own server: one');
  await page.reload();
  await heading(page, 'Own server: two');

  const edits = { 'isolation.frontend.hot_reload': true };
  const draft = await previews.companion.fetch(`/api/environments/${id}/config/draft`, {
    method: 'POST',
    body: { edits },
  });
  const { version } = configDraftSchema.parse(await draft.json());
  const written = await previews.companion.fetch(`/api/environments/${id}/config`, {
    method: 'PUT',
    body: { edits, version },
  });
  expect(written.status).toBe(200);
  await previews.companion.restartEnvironment(id);
  await page.reload();
  await heading(page, 'Own server: two');
  await save(worktree, 'three');
  await heading(page, 'Own server: three');
  await previews.close(preview);
});

test.each([
  [
    'a Vite that is too old for the builder',
    {
      ...FILES,
      'package.json': JSON.stringify({
        name: 'old',
        scripts: { dev: 'node serve.mjs' },
        devDependencies: { vite: '4' },
      }),
      'node_modules/vite/package.json': JSON.stringify({ name: 'vite', version: '4.5.0' }),
    },
    /Vite 4 is older/,
  ],
  [
    'a file that the bundler has no transpiler for',
    {
      ...FILES,
      'package.json': JSON.stringify({
        name: 'raw',
        scripts: { dev: 'node serve.mjs' },
        dependencies: { thing: '1' },
      }),
      'index.html':
        '<!doctype html><title>Raw</title><div id="root"></div><script src="./src/index.js"></script>',
      'src/index.js': "import page from './page.marko';\nconsole.log(page);\n",
      'src/page.marko': '<h1>nothing that a bundler knows</h1>\n',
      'node_modules/thing/package.json': JSON.stringify({ name: 'thing', version: '1.0.0' }),
    },
    /the bundler cannot run it: /,
  ],
])('the project’s own dev server shows %s', async (_, files, why) => {
  const preview = await previews.open(files);
  const { id, page } = preview;
  await heading(page, 'Own server: one');
  const { provider, providerReason, status } = await previews.companion.environment(id);
  expect({ provider, status }).toEqual({ provider: 'devserver', status: 'running' });
  expect(providerReason).toMatch(why);
  await previews.close(preview);
});

/** At once, as editors do it. */
async function save(worktree: string, text: string): Promise<void> {
  await writeFile(join(worktree, 'text.new'), text);
  await rename(join(worktree, 'text.new'), join(worktree, 'text'));
}
