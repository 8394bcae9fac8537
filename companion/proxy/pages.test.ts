import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import { sendPage } from './pages.ts';

const ERROR = { code: 'X<Y', message: 'It "broke" <script>alert(1)</script>', remedy: 'Mend <it> & go on' };

async function fetchPage(headers: Record<string, string>, refreshSeconds?: number, error = ERROR) {
  const server = createServer((request, response) =>
    sendPage(request, response, 503, error, { refreshSeconds }),
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

test('a page speaks the browser’s language, and shows what it is told as text in that, too', async () => {
  const error = { ...ERROR, message: 'There is nothing at /<script>.', remedy: 'Check the address.' };
  const german = await fetchPage(
    { accept: 'text/html', 'accept-language': 'de-DE,de;q=0.9,en;q=0.8' },
    0,
    error,
  );
  expect(german.body).toContain('<html lang="de">');
  expect(german.body).toContain('<h1>Unter /&#60;script&#62; gibt es nichts.</h1>');
  expect(german.body).toContain('Prüfe die Adresse.');
  const english = await fetchPage({ accept: 'text/html', 'accept-language': 'fr,en;q=0.8' }, 0, error);
  expect(english.body).toContain('<html lang="en">');
  expect(english.body).toContain('Check the address.');
  const forScript = await fetchPage({ accept: '*/*', 'accept-language': 'de' }, 0, error);
  expect(JSON.parse(forScript.body)).toEqual({ error });
});
