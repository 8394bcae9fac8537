import { expect, it } from 'vitest';
import { metricsHistory } from './metrics-history.ts';

const event = (environment_id: string, at: number, type: string) => ({ environment_id, at, type });

it('tells how long each start took, and when environments failed', () => {
  const history = metricsHistory({
    loads: [{ at: 1, durationMs: 2 }],
    hotReloads: [],
    verdicts: [],
    events: [
      event('a', 100, 'initializing'),
      event('b', 110, 'initializing'),
      event('a', 400, 'running'),
      event('b', 500, 'failed'),
      event('a', 600, 'suspended'),
      event('a', 700, 'running'),
      event('b', 800, 'initializing'),
      event('b', 850, 'running'),
    ],
  });
  expect(history).toEqual({
    starts: [
      { at: 400, durationMs: 300 },
      { at: 850, durationMs: 50 },
    ],
    failures: [{ at: 500 }],
    loads: [{ at: 1, durationMs: 2 }],
    hotReloads: [],
    verdicts: [],
  });
});
