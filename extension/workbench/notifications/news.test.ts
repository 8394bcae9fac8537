import { expect, test } from 'vitest';
import type { EnvironmentStatus } from '#shared/api/environment.ts';
import { makeEnvironment } from '../testing/sample-data.ts';
import { newsBetween } from './news.ts';

const list = (statuses: Record<string, EnvironmentStatus>) =>
  new Map(
    Object.entries(statuses).map(([id, status]) => [
      id,
      makeEnvironment({ id, status, origin: 'http://x.localhost' }),
    ]),
  );

test.each([
  ['initializing', 'running', 'ready'],
  ['initializing', 'failed', 'failed'],
  ['running', 'failed', 'crashed'],
  ['suspended', 'failed', 'crashed'],
  ['suspended', 'running', undefined],
  ['running', 'suspended', undefined],
  ['running', 'initializing', undefined],
  ['failed', 'initializing', undefined],
  ['failed', 'failed', undefined],
] as const)('from %s to %s is %s', (was, now, kind) => {
  expect(newsBetween(list({ a: was }), list({ a: now })).map((news) => news.kind)).toEqual(
    kind ? [kind] : [],
  );
});

test('what was not there before, or is there no more, is no news', () => {
  expect(newsBetween(list({}), list({ a: 'running', b: 'failed' }))).toEqual([]);
  expect(newsBetween(list({ a: 'running' }), list({}))).toEqual([]);
});
