import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { sendPage } from './pages.ts';

const ERROR = { code: 'X<Y', message: 'It "broke" <script>alert(1)</script>', remedy: 'Mend <it> & go on' };

async function fetchPage(headers: Record<string, string>, refreshSeconds?: number) {
  const server = createServer((request, response) =>
    sendPage(request, response, 503, ERROR, { refreshSeconds }),
  );
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  try {
    // TCP: never null or text
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, { headers });
    return { headers: response.headers, body: await response.text() };
  } finally {
    server.closeAllConnections();
    server.close();
  }
}

test('attack 21: a page shows what it is told as text, and runs nothing', async () => {
  const { headers, body } = await fetchPage({ accept: 'text/html' });
  expect(body).not.toMatch(/<script|<it>|X<Y/);
  expect(body).toContain('&#60;script&#62;');
  expect(headers.get('content-security-policy')).toContain("default-src 'none'");
  expect(headers.get('cache-control')).toBe('no-store');
});

test('a page that will change loads itself again, and says so to those who listen', async () => {
  const { headers, body } = await fetchPage({ 'sec-fetch-dest': 'iframe' }, 1);
  expect(body).toContain('<meta http-equiv="refresh" content="1">');
  expect(body).toContain('role="status"');
  expect(body).toContain('prefers-reduced-motion');
  expect(headers.get('retry-after')).toBe('1');
});

test('a script gets JSON', async () => {
  const { headers, body } = await fetchPage({ 'sec-fetch-dest': 'empty', accept: 'text/html' }, 1);
  expect(headers.get('content-type')).toContain('application/json');
  expect(JSON.parse(body)).toEqual({ error: ERROR });
  expect(headers.get('retry-after')).toBe('1');
});
