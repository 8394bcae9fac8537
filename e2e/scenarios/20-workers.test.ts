import { expect, test } from 'vitest';
import { PreviewsInChromium } from '../previews-in-chromium.ts';

/** A file server that compresses, and has tags for what it gives out. */
const SERVER = `import { createServer } from 'node:http';
import { readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
const types = { html: 'text/html', js: 'text/javascript' };
createServer((request, response) => {
  const path = new URL(request.url, 'http://here').pathname;
  const name = path === '/' ? 'index.html' : path.slice(1);
  try {
    const isZipped = /gzip/.test(request.headers['accept-encoding'] ?? '');
    const body = isZipped ? gzipSync(readFileSync(name)) : readFileSync(name);
    response.writeHead(200, { 'content-type': types[name.split('.').at(-1)], etag: '"1"', ...(isZipped && { 'content-encoding': 'gzip' }) }).end(body);
  } catch {
    response.writeHead(404).end();
  }
}).listen(process.env.PORT, '127.0.0.1');
`;
const FILES = {
  'package.json': JSON.stringify({ name: 'workers', scripts: { dev: 'node serve.mjs' } }),
  'serve.mjs': SERVER,
  'index.html': `<!doctype html><title>Workers</title><h1>Workers</h1><script>
const told = new Set();
const tell = (text) => { told.add(text); if (told.size === 4) document.body.dataset.told = [...told].sort().join(' '); };
new Worker('/classic.js').onmessage = ({ data }) => tell(data);
new Worker('/module.js', { type: 'module' }).onmessage = ({ data }) => tell(data);
new Worker('/alone.js', { type: 'module' }).onmessage = ({ data }) => tell(data);
navigator.serviceWorker.register('/service.js');
navigator.serviceWorker.ready.then(() => tell('service'));
</script>`,
  'classic.js': "'use strict';\nconsole.log('from classic');\npostMessage('classic');\n",
  'module.js': "import { name } from './name.js';\nconsole.log('from ' + name);\npostMessage(name);\n",
  'name.js': "export const name = 'module';\n",
  'alone.js':
    "postMessage(import.meta.url.endsWith('/alone.js') ? 'alone' : import.meta.url);\nsetTimeout(() => console.log('from alone'), 500);\n",
  'service.js': "console.log('from service');\nself.addEventListener('fetch', () => {});\n",
};
const previews = new PreviewsInChromium();

test.each(['sandpack', 'devserver'])(
  'workers of a site that is shown by %s run as they are, and what they print is in the console',
  async (provider) => {
    const preview = await previews.open({
      ...FILES,
      '.vibe-kanban/environment.yaml': `isolation: { provider: ${provider} }\n`,
    });
    const { id, page } = preview;
    await page.waitForSelector('body[data-told]');
    expect(await page.$eval('body', ({ dataset }) => dataset.told)).toBe('alone classic module service');
    for (const name of ['classic', 'module', 'alone', 'service'])
      await expect.poll(() => previews.console(id)).toContain(`from ${name}`);
    expect(await previews.console(id)).toMatch(/"place":"classic.js:2:9"/);
    expect((await previews.companion.environment(id)).provider).toBe(provider);
    await previews.close(preview);
  },
);
