import type { FakeCompanion } from '../fake-companion.ts';
import { makeEntry } from '../sample-data.ts';

const ESC = '\u001b';

/** What a real console holds: colours, stacks, a long line, hostile text. */
export function printLines(fake: FakeCompanion, id: string): void {
  const print = (change: Parameters<typeof makeEntry>[0]) =>
    fake.send(id, { channel: 'logs', data: { type: 'console', entry: makeEntry(change) } });
  print({ source: 'vitrine', service: undefined, level: 'info', text: 'Backend started: node server.js' });
  print({ text: `${ESC}[32m➜${ESC}[0m  listening on ${ESC}[1;36mhttp://127.0.0.1:3000${ESC}[0m` });
  print({ source: 'browser', service: undefined, level: 'debug', text: '[vite] connected.' });
  print({ text: `${ESC}[2mGET${ESC}[22m /api/products ${ESC}[32m200${ESC}[0m 3.1 ms` });
  print({
    source: 'browser',
    service: undefined,
    level: 'warn',
    text: 'Each child in a list should have a unique "key" prop.',
    place: 'http://cart.localhost/node_modules/.vite/deps/react_jsx-dev-runtime.js:250:18',
  });
  print({
    source: 'browser',
    service: undefined,
    level: 'error',
    text: "Uncaught TypeError: Cannot read properties of undefined (reading 'total')",
    place: `src/<b>cart</b>/\u202e${'long-'.repeat(20)}badge.tsx:14:22`,
    stack: 'at CartBadge (src/cart/cart-badge.tsx:14:22)\nat renderWithHooks (react-dom.js:4821:18)',
  });
  print({ text: '<script>alert("log")</script> \u202etxet desrever\u202c end' });
  print({ text: '{"level":30,"msg":"order placed","order":{"id":7,"items":["<b>beans</b>"]}}' });
  for (let time = 0; time < 4; time++) print({ level: 'debug', text: 'poll /api/live' });
  print({ level: 'error', text: `POST /api/orders 500 ${'x'.repeat(3_000)}` });
}
