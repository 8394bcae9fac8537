import { expect, it } from 'vitest';
import { metricsCsv } from './export-metrics.ts';
import { percentilesOverTime } from './percentiles-over-time.ts';

const history = {
  starts: [{ at: 2_000, durationMs: 340 }],
  failures: [{ at: 1_000 }],
  loads: [{ at: 5_000, durationMs: 80 }],
  hotReloads: [{ at: 4_000, durationMs: 20.5 }],
  verdicts: [
    { at: 3_000, useful: true },
    { at: 6_000, useful: false },
  ],
};

it('writes what happened in its order', () => {
  expect(metricsCsv(history).split('\r\n')).toEqual([
    'at,event,duration_ms',
    '1970-01-01T00:00:01.000Z,failure,',
    '1970-01-01T00:00:02.000Z,start,340',
    '1970-01-01T00:00:03.000Z,useful,',
    '1970-01-01T00:00:04.000Z,hot_reload,20.5',
    '1970-01-01T00:00:05.000Z,preview_load,80',
    '1970-01-01T00:00:06.000Z,not_useful,',
    '',
  ]);
});

it('tells half and most of a stretch of points, and nothing of too few', () => {
  const points = Array.from({ length: 12 }, (_, at) => ({ at, durationMs: at % 5 === 0 ? 100 : 10 }));
  expect(percentilesOverTime(points)).toEqual([
    { at: 6, p50: 10, p95: 100 },
    { at: 11, p50: 10, p95: 100 },
  ]);
  expect(percentilesOverTime([])).toEqual([]);
  expect(percentilesOverTime([{ at: 1, durationMs: 7 }])).toEqual([{ at: 1, p50: 7, p95: 7 }]);
  const many = Array.from({ length: 2_000 }, (_, at) => ({ at, durationMs: at }));
  expect(percentilesOverTime(many)).toHaveLength(40);
});
