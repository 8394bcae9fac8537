import { expect, it } from 'vitest';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { startOtherHost } from './testing/other-host.ts';
import type { PreviewServer } from './testing/preview-server.ts';
import { Previews } from './testing/previews.ts';

const previews = Previews.inThisFile();

const linesOf = (preview: PreviewServer) =>
  preview.events.flatMap(({ channel, data }) =>
    channel === 'logs' && data.type === 'console' && data.entry.source === 'browser' ? [data.entry] : [],
  );
const line = (preview: PreviewServer, text: string) =>
  waitUntil(() => linesOf(preview).find((entry) => entry.text.includes(text)), { what: `“${text}”` });

it('shows what workers of a Vite app print and where, and their errors, and leaves them as they are', async () => {
  const { preview } = await previews.start({
    ...reactWithVite8,
    'src/main.tsx': `import './module-worker-page';
import ImportedWorker from './imported.ts?worker';
new ImportedWorker().onmessage = ({ data }) => { document.body.dataset.imported = data; };
new Worker('/classic.js').onmessage = ({ data }) => { document.body.dataset.classic = data; };
const shared = new SharedWorker(new URL('./shared.ts', import.meta.url), { type: 'module' });
shared.port.onmessage = ({ data }) => { document.body.dataset.shared = data; };
void navigator.serviceWorker.register('/service.js');
`,
    'src/module-worker-page.ts': `new Worker(new URL('./own.ts', import.meta.url), { type: 'module' }).onmessage =
  ({ data }) => { document.body.dataset.own = data; };
`,
    'src/own.ts': `import { greeting } from './greeting';
const name: string = new URL(import.meta.url).pathname;

console.log('own worker', { greeting });
postMessage(name + ' ' + greeting);
setTimeout(() => { throw new Error('failed in own'); });
`,
    'src/imported.ts': `console.log('imported worker');
postMessage('imported');
`,
    'src/shared.ts': `import { greeting } from './greeting';
console.log('shared worker');
self.onconnect = ({ ports: [port] }) => port.postMessage(greeting);
`,
    'public/classic.js': `'use strict';
importScripts('/classic-part.js');
console.warn('classic worker');
postMessage([part, this === self, (function () { return this === undefined; })(), location.pathname].join(' '));
`,
    'public/classic-part.js': "self.part = 'part';\n",
    'public/service.js': `console.info('service worker');
self.addEventListener('install', () => self.skipWaiting());
Promise.reject(new Error('rejected in service'));
`,
  });
  const page = await previews.newPage();
  await page.goto(preview.origin);
  await page.waitForSelector('body[data-own][data-imported][data-classic][data-shared]');
  const data = await page.evaluate(() => ({ ...document.body.dataset }));
  expect(data).toMatchObject({
    own: '/src/own.ts Hello',
    imported: 'imported',
    classic: 'part true true /classic.js',
    shared: 'Hello',
  });
  expect(await line(preview, 'own worker')).toMatchObject({ level: 'log', place: 'src/own.ts:4:9' });
  expect((await line(preview, 'own worker')).values).toHaveLength(2);
  for (const text of ['imported worker', 'shared worker', 'classic worker', 'service worker'])
    await line(preview, text);
  expect((await line(preview, 'failed in own')).stack).toContain('src/own.ts:6:');
  await line(preview, 'Unhandled rejection: Error: rejected in service');
  const failures = linesOf(preview).filter(({ text }) => text.includes('failed in own'));
  expect(failures.map(({ text }) => text)).toEqual(['Uncaught Error: failed in own']);
});

it('tells what workers ask other hosts', async () => {
  const other = await startOtherHost();
  previews.endWith(() => other.stop());
  const { preview } = await previews.start({
    ...reactWithVite8,
    'src/main.tsx':
      "new Worker(new URL('./own.ts', import.meta.url), { type: 'module' }).onmessage = () => { document.body.dataset.own = ''; };\n",
    'src/own.ts': `import './greeting';
fetch('http://${other.host}/from-worker').catch(() => undefined).then(() => postMessage(''));
`,
  });
  const page = await previews.newPage();
  await page.goto(preview.origin);
  await page.waitForSelector('body[data-own]');
  await waitUntil(() => preview.network.list().requests.some(({ url }) => url.includes('/from-worker')), {
    what: 'the request of the worker',
  });
});

it('runs a worker that is larger than a page may be', async () => {
  const { preview } = await previews.start({
    ...reactWithVite8,
    'src/main.tsx':
      "new Worker('/large.js').onmessage = ({ data }) => { document.body.dataset.large = data; };\n",
    'public/large.js': `postMessage('ran');\n/* ${'x'.repeat(10 * 1024 * 1024)} */\n`,
  });
  const page = await previews.newPage();
  await page.goto(preview.origin);
  await page.waitForSelector('body[data-large=ran]');
});
