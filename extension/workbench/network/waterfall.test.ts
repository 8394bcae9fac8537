import { expect, it } from 'vitest';
import { makeRequest } from '../testing/sample-network.ts';
import { timeSpan } from './waterfall.tsx';

it('spans the requests in view, without the hours a socket stays open', () => {
  const requests = [
    makeRequest({ startedAt: 1_000, durationMs: 50 }),
    makeRequest({ startedAt: 1_200, durationMs: undefined }),
    makeRequest({ startedAt: 1_100, kind: 'websocket', durationMs: 3_600_000 }),
  ];
  expect(timeSpan(requests)).toEqual({ start: 1_000, end: 1_200 });
  expect(timeSpan([])).toEqual({ start: 0, end: 1 });
});
