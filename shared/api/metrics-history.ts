import { z } from 'zod';

const takenSchema = z.array(z.object({ at: z.number(), durationMs: z.number() }));

/** Answer to GET /api/metrics/history: what happened to environments, the oldest first. Durations in milliseconds. */
export const metricsHistorySchema = z.object({
  /** Each start that succeeded: when it was done, and how long it took. */
  starts: takenSchema,
  failures: z.array(z.object({ at: z.number() })),
  /** From the navigation to what the app drew first. */
  loads: takenSchema,
  /** From a written file to the page that runs it. */
  hotReloads: takenSchema,
  /** The last word about each preview. */
  verdicts: z.array(z.object({ at: z.number(), useful: z.boolean() })),
});
export type MetricsHistory = z.infer<typeof metricsHistorySchema>;
