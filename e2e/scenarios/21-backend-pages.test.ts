import { expect, test } from 'vitest';
import { PreviewsInChromium } from '../previews-in-chromium.ts';

/** Pages with a strict policy, that are compressed and have tags, beside data and a form. */
const SERVER = `import { createServer } from 'node:http';
import { gzipSync } from 'node:zlib';
const page = (name) => '<!doctype html><html><head><title>Own</title></head><body><h1>Hello ' + name + '</h1><form method="post" action="/greet"><input name="name" value="Ann"><button>Send</button></form><script nonce="abc123">console.log("printed by", document.title); setTimeout(() => { throw new Error("thrown"); });</script></body></html>';
createServer((request, response) => {
  if (request.url === '/data') return response.setHeader('content-type', 'application/json').end('{"plain":true}');
  if (request.method === 'POST') return request.resume().on('end', () => response.writeHead(303, { location: '/?sent' }).end());
  const isZipped = /gzip/.test(request.headers['accept-encoding'] ?? '');
  const text = page(request.url);
  response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', etag: '"1"', 'content-security-policy': "default-src 'none'; script-src 'nonce-abc123' 'self'; connect-src 'self'; form-action 'self'", ...(isZipped && { 'content-encoding': 'gzip' }) });
  response.end(isZipped ? gzipSync(text) : text);
}).listen(process.env.PORT);
`;
const previews = new PreviewsInChromium();

test('pages that nothing but a backend renders have a console, and are otherwise as it made them', async () => {
  const preview = await previews.open({
    'package.json': JSON.stringify({ name: 'pages', scripts: { start: 'node server.mjs' } }),
    'server.mjs': SERVER,
  });
  const { id, page } = preview;
  await page.waitForSelector('h1');
  await expect.poll(() => previews.console(id)).toContain('printed by Own');
  await expect.poll(() => previews.console(id)).toContain('Uncaught Error: thrown');
  expect(await page.$$eval('head > *', (found) => found.map(({ localName }) => localName))).toEqual([
    'title',
  ]);
  expect(await page.evaluate(async () => (await fetch('/data')).text())).toBe('{"plain":true}');
  await page.click('button');
  await page.waitForFunction(() => document.querySelector('h1')?.textContent === 'Hello /?sent');
  const { requests } = (await (await previews.companion.fetch(`/api/environments/${id}/network`)).json()) as {
    requests: { method: string; url: string }[];
  };
  expect(requests.map(({ method, url }) => `${method} ${url}`)).toEqual(
    expect.arrayContaining(['GET /', 'GET /data', 'POST /greet', 'GET /?sent']),
  );
  await previews.close(preview);
});
