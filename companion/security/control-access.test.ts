import type { IncomingHttpHeaders, IncomingMessage } from 'node:http';
import { describe, expect, test } from 'vitest';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { ControlAccess } from './control-access.ts';
import { sessionCookieName } from './cookies.ts';

const PORT = 4747;
const TOKEN = 't'.repeat(43);
const access = new ControlAccess(TOKEN, PORT);
const cookie = `${sessionCookieName(PORT)}=${access.sessionValue}`;
const own = `http://localhost:${PORT}`;

/** Only method and headers are looked at. */
const request = (headers: IncomingHttpHeaders, method = 'GET') => ({ method, headers }) as IncomingMessage;
const codeOf = (run: () => void): string => {
  try {
    run();
    return 'allowed';
  } catch (error) {
    return (error as { code: string }).code;
  }
};

describe('a REST call', () => {
  test.each([
    ['the token and no Origin', { authorization: `Bearer ${TOKEN}` }, 'GET'],
    [
      'the token from the extension',
      { authorization: `Bearer ${TOKEN}`, origin: `chrome-extension://${CHROME_EXTENSION_ID}` },
      'POST',
    ],
    ['the session from the workbench', { cookie, origin: own }, 'POST'],
    ['the session on a same-origin GET', { cookie, 'sec-fetch-site': 'same-origin' }, 'GET'],
  ])('is allowed with %s', (_, headers, method) => {
    expect(codeOf(() => access.check(request(headers, method)))).toBe('allowed');
  });

  test.each([
    ['attack 5: nothing', {}, 'GET', 'UNAUTHORISED'],
    ['a wrong token', { authorization: `Bearer ${'x'.repeat(43)}` }, 'GET', 'UNAUTHORISED'],
    ['attack 8: the session without an Origin', { cookie }, 'POST', 'UNAUTHORISED'],
    ['attack 8: the session on a GET without any origin', { cookie }, 'GET', 'UNAUTHORISED'],
    ['the session from another site', { cookie, 'sec-fetch-site': 'cross-site' }, 'GET', 'UNAUTHORISED'],
    ['attack 1: a foreign page', { cookie, origin: 'https://evil.example' }, 'POST', 'ORIGIN_REFUSED'],
    [
      'attack 14: a preview’s page',
      { cookie, origin: `http://red-1a.localhost:${PORT}` },
      'GET',
      'ORIGIN_REFUSED',
    ],
    [
      'attack 14: a preview that got hold of the token',
      { authorization: `Bearer ${TOKEN}`, origin: `http://red-1a.localhost:${PORT}` },
      'GET',
      'ORIGIN_REFUSED',
    ],
    ['another port of this host', { cookie, origin: 'http://localhost:3000' }, 'POST', 'ORIGIN_REFUSED'],
    [
      'another extension',
      { authorization: `Bearer ${TOKEN}`, origin: 'chrome-extension://aaaabbbbccccddddeeeeffffgggghhhh' },
      'GET',
      'ORIGIN_REFUSED',
    ],
    [
      'the session of an extension page',
      { cookie, origin: `chrome-extension://${CHROME_EXTENSION_ID}` },
      'POST',
      'UNAUTHORISED',
    ],
  ])('is refused with %s', (_, headers, method, code) => {
    expect(codeOf(() => access.check(request(headers, method)))).toBe(code);
  });
});

describe('a WebSocket handshake', () => {
  test.each([
    [
      'the token among the subprotocols',
      {
        'sec-websocket-protocol': `vitrine.v1, vitrine.token.${TOKEN}`,
        origin: `chrome-extension://${CHROME_EXTENSION_ID}`,
      },
    ],
    ['the bearer token of a script', { authorization: `Bearer ${TOKEN}` }],
    ['the session from the workbench', { cookie, origin: own, 'sec-websocket-protocol': 'vitrine.v1' }],
  ])('is allowed with %s', (_, headers) => {
    expect(codeOf(() => access.checkUpgrade(request(headers)))).toBe('allowed');
  });

  test.each([
    [
      'attack 2: a foreign page with the session',
      { cookie, origin: 'https://evil.example' },
      'ORIGIN_REFUSED',
    ],
    ['attack 3: no Origin and the session', { cookie }, 'UNAUTHORISED'],
    ['attack 7: nothing', {}, 'UNAUTHORISED'],
    [
      'a wrong token',
      { 'sec-websocket-protocol': 'vitrine.v1, vitrine.token.nope', origin: own },
      'UNAUTHORISED',
    ],
  ])('is refused with %s', (_, headers, code) => {
    expect(codeOf(() => access.checkUpgrade(request(headers)))).toBe(code);
  });
});

test('attack 13: a link from another site does not open a preview with the session', () => {
  expect(access.allowsNavigation(request({ cookie, 'sec-fetch-site': 'cross-site' }))).toBe(false);
  expect(access.allowsNavigation(request({ cookie, 'sec-fetch-site': 'none' }))).toBe(true);
});
