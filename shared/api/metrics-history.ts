import { z } from 'zod';

/** Answer to GET /api/metrics/history: what happened to environments, the oldest first. Durations in milliseconds. */
export const metricsHistorySchema = z.object({
  /** Each start that succeeded: when it was done, and how long it took. */
  starts: z.array(z.object({ at: z.number(), durationMs: z.number() })),
  failures: z.array(z.object({ at: z.number() })),
});
export type MetricsHistory = z.infer<typeof metricsHistorySchema>;
