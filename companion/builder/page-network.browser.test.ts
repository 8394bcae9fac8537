import { expect, it } from 'vitest';
import type { NetworkRequest } from '#shared/api/network.ts';
import { waitUntil } from '../../e2e/wait-until.ts';
import { reactWithVite8 } from './testing/fixture-apps.ts';
import { startOtherHost } from './testing/other-host.ts';
import type { PreviewServer } from './testing/preview-server.ts';
import { Previews } from './testing/previews.ts';

const previews = Previews.inThisFile();
const PERMISSIVE = "default-src * 'unsafe-inline' 'unsafe-eval' data: blob:";

async function open(policy?: string) {
  const other = await startOtherHost();
  previews.endWith(() => other.stop());
  const { preview } = await previews.start(reactWithVite8, policy === undefined ? {} : { policy });
  const page = await previews.open(preview);
  return { preview, page, host: other.host };
}

/** The newest request to a path, once it is as expected. */
const request = (preview: PreviewServer, path: string, isSo = (each: NetworkRequest) => isOver(each)) =>
  waitUntil(() => preview.network.list().requests.find((each) => each.url.includes(path) && isSo(each)), {
    what: `${path} in the network log`,
  });
const isOver = ({ durationMs }: NetworkRequest) => durationMs !== undefined;

it('records what a page asks other hosts, whatever it asks with', async () => {
  const { preview, page, host } = await open(PERMISSIVE);
  await page.evaluate(askEverything, host);
  const expected = [
    { path: '/fetched', method: 'PUT', status: 200, mimeType: 'application/json' },
    { path: '/missing-fetch', method: 'GET', status: 404 },
    { path: '/by-xhr', method: 'POST', status: 200, mimeType: 'application/json' },
    { path: '/beacon', method: 'POST' },
    { path: '/picture.gif', method: 'GET', mimeType: expect.stringMatching(/^image\//) },
    { path: '/style.css', method: 'GET', mimeType: 'text/css' },
  ];
  for (const { path, ...rest } of expected) {
    const recorded = await request(preview, path);
    expect(recorded).toMatchObject({ initiator: 'browser', direct: true, kind: 'http', ...rest });
    expect(recorded.url).toBe(`http://${host}${path}`);
    expect(recorded.error).toBeUndefined();
  }
  expect(await request(preview, '/events', ({ status }) => status === 200)).toMatchObject({ direct: true });
  expect(await request(preview, '/socket', ({ status }) => status === 101)).toMatchObject({
    kind: 'websocket',
    url: `ws://${host}/socket`,
  });
  expect(await request(preview, '/missing.gif', ({ error }) => error !== undefined)).toMatchObject({
    error: 'It could not be loaded.',
  });
});

it('records the failure of a host that is not there, and leaves it to the app to handle it', async () => {
  const { preview, page, host } = await open(PERMISSIVE);
  const unhandled = page.evaluate(
    () => new Promise((resolve) => addEventListener('unhandledrejection', () => resolve(true))),
  );
  // A port of nobody.
  await page.evaluate(() => void fetch('http://127.0.0.1:1/nobody'));
  expect((await request(preview, '/nobody')).error).toBeDefined();
  expect(await unhandled).toBe(true);
  expect(host).not.toBe('');
});

it('tells what the page gave up itself from what failed: aborted, closed, or left by a reload', async () => {
  const { preview, page, host } = await open(PERMISSIVE);
  await page.evaluate(async (other) => {
    const abort = new AbortController();
    fetch(`http://${other}/hanging?fetch`, { signal: abort.signal }).catch(() => undefined);
    const xhr = new XMLHttpRequest();
    xhr.open('get', `http://${other}/hanging?xhr`);
    xhr.send();
    const stream = new EventSource(`http://${other}/events?closed`);
    await new Promise((resolve) => stream.addEventListener('open', resolve));
    new EventSource(`http://${other}/events?left`);
    void fetch(`http://${other}/hanging?left`);
    abort.abort(new Error('A reason of its own.'));
    xhr.abort();
    stream.close();
  }, host);
  await request(preview, '/hanging?left', () => true);
  await request(preview, '/events?left', ({ status }) => status === 200);
  await page.reload();
  for (const path of ['/hanging?fetch', '/hanging?xhr', '/events?closed', '/events?left', '/hanging?left'])
    expect(await request(preview, path), path).toMatchObject({ cancelled: true, error: undefined });
});

it('shows what the content policy does not allow as blocked, with the reason and the remedy', async () => {
  const { preview, page, host } = await open();
  await page.evaluate((other) => {
    fetch(`http://${other}/fetched`).catch(() => undefined);
    document.body.append(Object.assign(new Image(), { src: `http://${other}/picture.gif` }));
  }, host);
  const blocked = (each: NetworkRequest) => each.policy !== undefined;
  expect(await request(preview, '/fetched', blocked)).toMatchObject({ blocked: true, policy: 'connect-src' });
  expect(await request(preview, '/picture.gif', blocked)).toMatchObject({ blocked: true, policy: 'img-src' });
  const line = await waitUntil(() => preview.console.find(({ text }) => text.includes('connect-src does')), {
    what: 'the line in the console',
  });
  for (const part of ['isolation.security.csp_policy', `http://${host}`]) expect(line.text).toContain(part);
  const told = preview.network.list().requests.filter(({ url }) => url.includes('/fetched'));
  expect(told).toHaveLength(1);
});

it('says once in the console what the content policy did not let through, the remedy with the first of a host', async () => {
  const { preview, page, host } = await open();
  const lines = (path: string) =>
    preview.console.filter(({ text }) => text.includes(`http://${host}${path}`));
  for (const path of ['/first', '/second']) {
    await page.evaluate((url) => void fetch(url).catch(() => undefined), `http://${host}${path}`);
    await waitUntil(() => lines(path).length > 0, { what: 'the line in the console' });
  }
  // What is printed after them comes after them.
  await page.evaluate(() => console.log('That was all.'));
  await waitUntil(() => preview.console.some(({ text }) => text === 'That was all.'), {
    what: 'the last line',
  });
  expect(lines('/first').map(({ text }) => text.includes('To let it through'))).toEqual([true]);
  expect(lines('/second').map(({ text }) => text.includes('To let it through'))).toEqual([false]);
});

function askEverything(host: string): void {
  fetch(`http://${host}/fetched`, { method: 'put' }).catch(() => undefined);
  void fetch(new Request(`http://${host}/missing-fetch`));
  const xhr = new XMLHttpRequest();
  xhr.open('post', `http://${host}/by-xhr`);
  xhr.send('x');
  navigator.sendBeacon(`http://${host}/beacon`, 'x');
  new EventSource(`http://${host}/events`);
  new WebSocket(`ws://${host}/socket`);
  document.body.append(
    Object.assign(new Image(), { src: `http://${host}/picture.gif` }),
    Object.assign(new Image(), { src: `http://${host}/missing.gif` }),
    Object.assign(document.createElement('link'), { rel: 'stylesheet', href: `http://${host}/style.css` }),
  );
}
