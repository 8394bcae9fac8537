import { expect, it } from 'vitest';
import { callSite, stackOfCaller } from './call-site.ts';

const SHIM = 'http://cart-1a.localhost:4000/__vitrine/frame/shim.js?v=1';
const APP = 'http://cart-1a.localhost:4000/src/app.tsx?t=17:12:7';

it.each([
  [
    'Chromium',
    `Error\n    at callSite (${SHIM}:1:2)\n    at console.log (${SHIM}:3:4)\n    at App (${APP})\n    at x (${APP})`,
  ],
  ['Chromium, at the top level', `Error\n    at callSite (${SHIM}:1:2)\n    at ${APP}`],
  ['Firefox', `callSite@${SHIM}:1:2\nconsole.log@${SHIM}:3:4\nApp@${APP}\n`],
])('finds the first place that is the app’s: %s', (_browser, stack) => {
  expect(callSite(stack)).toBe(APP);
});

it('finds none in what is no stack', () => {
  expect(callSite([{ file: APP }])).toBeUndefined();
  expect(callSite('Error\n    at <anonymous>')).toBeUndefined();
  expect(callSite(`Error\n    at f (${APP.replace('app', 'a'.repeat(2_000))})`)).toBeUndefined();
});

it('leaves out of a trace what is not the app’s', () => {
  expect(stackOfCaller(`Error\n    at console.trace (${SHIM}:3:4)\n    at App (${APP})`)).toBe(
    `    at App (${APP})`,
  );
  expect(stackOfCaller(null)).toBeUndefined();
});
