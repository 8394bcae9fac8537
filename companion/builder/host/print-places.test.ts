import { expect, test, vi } from 'vitest';
import { PrintPlaces } from './print-places.ts';

const line = { at: 1, source: 'browser', level: 'log', text: 'x' } as const;
const HOST = 'http://cart-1a.localhost:4000';
const APP = `${HOST}/src/app.tsx?t=1:12:7`;
const PACKAGE = `${HOST}/node_modules/.vite/deps/react.js:9:9`;

function placesOf(mode: string, map: (stack: string) => Promise<string>) {
  const mapStack = vi.fn(map);
  return {
    mapStack,
    places: new PrintPlaces({ root: '/w/apps/web', worktree: '/w', mode: () => mode, mapStack }),
  };
}
const toSources = async (stack: string) => stack.replaceAll(APP, 'apps/web/src/app.tsx:3:1');

test('a place is asked for once, until modules change', async () => {
  const { places, mapStack } = placesOf('vite', toSources);
  for (let count = 0; count < 3; count += 1)
    expect(await places.into({ ...line, place: APP })).toEqual({
      ...line,
      place: 'apps/web/src/app.tsx:3:1',
    });
  expect(mapStack).toHaveBeenCalledTimes(1);
  places.forget();
  await places.into({ ...line, place: APP });
  expect(mapStack).toHaveBeenCalledTimes(2);
});

test('what the builder does not know is left out, but for packages; a stack stays as it was', async () => {
  const { places } = placesOf('vite', async (stack) => stack);
  expect(await places.into({ ...line, place: APP, stack: 'at x' })).toEqual({ ...line, stack: 'at x' });
  expect(await places.into({ ...line, place: PACKAGE })).toEqual({ ...line, place: PACKAGE });
});

test('without a builder a line goes on without its place, and is asked for again', async () => {
  const { places, mapStack } = placesOf('vite', () => Promise.reject(new Error('asleep')));
  expect(await places.into({ ...line, place: APP, stack: 'at x' })).toEqual({ ...line, stack: 'at x' });
  await places.into({ ...line, place: APP });
  expect(mapStack).toHaveBeenCalledTimes(3);
});

test.each([
  [`${HOST}/js/menu%20bar.js?v=2:4:5`, 'apps/web/js/menu bar.js:4:5'],
  [`${HOST}/:12:3`, undefined],
  [`${HOST}/../../../etc/x.js:1:1`, 'apps/web/etc/x.js:1:1'],
  [`${HOST}/%E0%A4%A.js:1:1`, undefined],
  ['javascript:1', undefined],
])('a static site serves its files as they are: %s', async (place, expected) => {
  const { places } = placesOf('static', toSources);
  expect((await places.into({ ...line, place })).place).toBe(expected);
});
