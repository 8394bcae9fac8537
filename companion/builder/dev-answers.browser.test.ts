import { once } from 'node:events';
import { afterEach, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { PREVIEW_COOKIE } from '../security/cookies.ts';
import { FixtureApp } from './testing/fixture-app.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { PreviewServer } from './testing/preview-server.ts';

/* What the project's own dev server answers, a preview answers; the pages are looked at in sandpack.browser.test.ts. */
const endings: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end();
});

const PLUGIN = `{
  name: 'answers',
  configureServer(server) {
    const events = [];
    globalThis.starts = (globalThis.starts ?? 0) + 1;
    server.middlewares.use('/y/starts', (request, response) => response.end(String(globalThis.starts)));
    server.httpServer.once('listening', () => events.push('listening'));
    server.middlewares.use('/y/said', (request, response) => response.end(server.config.mode + ' ' + process.env.WORD));
    server.middlewares.use('/y/events', (request, response) => response.end(String(events)));
    server.middlewares.use('/y/fragment', (request, response) => {
      response.setHeader('content-type', 'text/html');
      response.end('<b>fragment</b>');
    });
    server.middlewares.use('/y/save', (request, response) => {
      let body = '';
      request.on('data', (chunk) => { body += chunk; });
      request.on('end', () => response.writeHead(404, { 'content-type': 'text/plain' }).end(request.method + ' ' + body));
    });
    server.middlewares.use('/y/plain', (request, response) => response.writeHead(200, { 'content-type': 'text/plain' }).end('window.ran = true'));
    server.httpServer.on('upgrade', (request, socket) => {
      if (!request.url.startsWith('/y/socket')) return;
      const accept = createHash('sha1').update(request.headers['sec-websocket-key'] + '258EAFA5-E914-47DA-95CA-C5AB0DC85B11').digest('base64');
      socket.write('HTTP/1.1 101 Switching Protocols\\r\\nupgrade: websocket\\r\\nconnection: Upgrade\\r\\nx-own: yes\\r\\nsec-websocket-accept: ' + accept + '\\r\\n\\r\\n');
      const text = request.url + ' ' + request.headers.cookie;
      socket.write(Buffer.concat([Buffer.from([0x81, text.length]), Buffer.from(text)]));
    });
    server.middlewares.use('/y/restart', (request, response) => {
      response.end();
      server.restart();
    });
  },
}`;

async function start() {
  const app = await FixtureApp.create({
    ...reactWithVite8,
    'package.json': JSON.stringify({
      ...JSON.parse(reactWithVite8['package.json']),
      scripts: { dev: 'cross-env WORD=given vite --mode staging -c conf/vite.js --base /y/ --port 80' },
    }),
    'conf/vite.js': `import { createHash } from 'node:crypto';
export default () => ({
      plugins: [${PLUGIN}],
      server: { proxy: { '/y/api': { target: 'http://localhost:1', rewrite: (path) => path.replace('/y/api', '/v1') } } },
    });\n`,
  });
  endings.push(() => app.remove());
  const preview = await PreviewServer.start({ root: app.root });
  endings.push(() => preview.close());
  const call = (path: string, init: RequestInit & { page?: boolean } = {}) =>
    fetch(`http://127.0.0.1:${preview.port}${path}`, {
      redirect: 'manual',
      headers: init.page
        ? { accept: 'text/html', 'sec-fetch-dest': 'document' }
        : { 'sec-fetch-dest': 'empty' },
      ...init,
    });
  return { preview, call, textOf: async (path: string) => (await call(path)).text() };
}

it('answers as the dev server that the project’s script starts', async () => {
  const { call, textOf, preview } = await start();
  const top = await call('/', { page: true });
  expect([top.status, top.headers.get('location')]).toEqual([302, '/y/']);
  expect(await textOf('/y/said')).toBe('staging given');
  expect(await textOf('/y/events')).toBe('listening');
  expect(await textOf('/y/fragment')).toBe('<b>fragment</b>');
  const saved = await call('/y/save', { method: 'PUT', body: 'words' });
  expect([saved.status, await saved.text()]).toEqual([404, 'PUT words']);
  // No word of ours, which a page might show.
  const unsaved = await call('/y/unsaved', { method: 'POST', body: 'words' });
  expect([unsaved.status, await unsaved.text()]).toEqual([404, '']);
  expect(await textOf('/beside.png')).toContain('did you mean to visit /y/beside.png');
  expect((await call('/y/plain')).headers.get('x-content-type-options')).toBeNull();
  // Whoever runs Vite gets its page for any address that is none of a file.
  expect(await textOf('/y/nothing')).toContain('id="root"');
  expect((await call('/y/nothing.png')).status).toBe(200);
  expect(await preview.frontend.backendPath?.('/y/api/users?a=1')).toBe('/v1/users?a=1');
  expect(await preview.frontend.backendPath?.('/y/other')).toBe('/y/other');
});

it('lets plugins take WebSockets, and records them', async () => {
  const { preview } = await start();
  const open = async (path: string) => {
    const socket = new WebSocket(`ws://127.0.0.1:${preview.port}${path}`, {
      headers: { cookie: `${PREVIEW_COOKIE}=ticket; own=1` },
    });
    endings.push(async () => socket.terminate());
    const [data] = (await once(socket, 'message')) as [Buffer];
    return { socket, first: String(data) };
  };
  const { socket, first } = await open('/y/socket?a=1');
  expect(first).toBe('/y/socket?a=1 own=1');
  const [recorded] = preview.network.list().requests.filter(({ url }) => url.includes('/y/socket'));
  expect(recorded).toMatchObject({ kind: 'websocket', status: 101 });
  const closed = once(socket, 'close');
  await preview.close();
  await closed;
});

it('begins anew when a plugin restarts Vite', async () => {
  const { call, textOf } = await start();
  expect(await textOf('/y/starts')).toBe('1');
  await call('/y/restart');
  await expect.poll(() => textOf('/y/starts'), { timeout: 20_000 }).toBe('2');
});
