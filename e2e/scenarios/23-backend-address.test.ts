import { expect, test } from 'vitest';
import { PreviewsInChromium } from '../previews-in-chromium.ts';

/** Listens where it wants to, and says nothing of PORT. */
const SERVER = `import { createServer } from 'node:http';
createServer((request, response) => {
  if (request.url === '/api/login') return response.writeHead(302, { location: 'http://localhost:5173/?welcome' }).end();
  response.setHeader('access-control-allow-origin', 'http://localhost:5173');
  response.end('answered ' + request.method + ' ' + request.url);
}).listen(4321, 'localhost');
`;
const PAGE = `<!doctype html><title>Shop</title><p id="fetched"></p><p id="asked"></p><script type="module">
fetch('http://localhost:4321/items').then((answer) => answer.text()).then((text) => { fetched.textContent = text; });
const request = new XMLHttpRequest();
request.open('PUT', 'http://localhost:4321/items/1');
request.onload = () => { asked.textContent = request.responseText; };
request.send();
</script>`;
const previews = new PreviewsInChromium();

test('page and backend reach each other at the addresses that are written into them', async () => {
  const preview = await previews.open({
    'package.json': JSON.stringify({ name: 'shop', scripts: { server: 'node rest/main.mjs' } }),
    'index.html': PAGE,
    'rest/main.mjs': SERVER,
  });
  const { page } = preview;
  const text = (selector: string) => page.$eval(selector, (found) => found.textContent);
  await expect.poll(() => text('#fetched'), { timeout: 20_000 }).toBe('answered GET /items');
  await expect.poll(() => text('#asked'), { timeout: 20_000 }).toBe('answered PUT /items/1');
  await page.goto(new URL('/api/login', page.url()).href);
  expect(page.url()).toBe(new URL('/?welcome', page.url()).href);
  await previews.close(preview);
});

test('so do they where the project has a dev server of its own', async () => {
  const server = `import { createServer } from 'node:http';
createServer((request, response) => response.writeHead(request.url === '/' ? 200 : 404, { 'content-type': 'text/html' })
  .end(request.url === '/' ? ${JSON.stringify(PAGE).replaceAll('</', '<\\/')} : '')).listen(process.env.PORT);`;
  const preview = await previews.open({
    'package.json': JSON.stringify({ name: 'shop', scripts: { server: 'node rest/main.mjs' } }),
    'dev.mjs': server,
    'rest/main.mjs': SERVER,
    '.vibe-kanban/environment.yaml': 'isolation: { frontend: { root: ., command: node dev.mjs } }',
  });
  const text = (selector: string) => preview.page.$eval(selector, (found) => found.textContent);
  await expect.poll(() => text('#fetched'), { timeout: 20_000 }).toBe('answered GET /items');
  await expect.poll(() => text('#asked'), { timeout: 20_000 }).toBe('answered PUT /items/1');
  await previews.close(preview);
});
