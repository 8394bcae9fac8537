import { expect, test } from 'vitest';
import { printedPort } from './printed-port.ts';

test.each([
  ['  ➜  Local:   http://localhost:5173/', 5173],
  [
    '  \u001b[32m➜\u001b[39m  \u001b[1mLocal\u001b[22m:   \u001b[36mhttp://localhost:\u001b[1m5174\u001b[22m/\u001b[39m',
    5174,
  ],
  ['   - Local:        http://localhost:3001', 3001],
  ['<i> [webpack-dev-server] Loopback: http://localhost:8081/, http://[::1]:8081/', 8081],
  ['Server running at http://[::]:1234', 1234],
  ['Example app listening on port 8000', 8000],
  ['compiled in 3000 ms', null],
  ['see http://example.org:8080/', null],
  ['http://localhost:99999', null],
])('%j names port %s', (line, port) => {
  expect(printedPort(line)).toBe(port);
});
