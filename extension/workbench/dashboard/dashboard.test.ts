import { expect, it } from 'vitest';
import { metricsCsv } from './export-metrics.ts';

const history = { starts: [{ at: 2_000, durationMs: 340 }], failures: [{ at: 1_000 }] };

it('writes what happened in its order', () => {
  expect(metricsCsv(history).split('\r\n')).toEqual([
    'at,event,duration_ms',
    '1970-01-01T00:00:01.000Z,failure,',
    '1970-01-01T00:00:02.000Z,start,340',
    '',
  ]);
});
