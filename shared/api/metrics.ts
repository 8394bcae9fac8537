import { z } from 'zod';

const percentilesSchema = z.object({ p50: z.number().nullable(), p95: z.number().nullable() });

/** Specification section 10. Durations in milliseconds; userSatisfaction is null until somebody said something. */
export const metricsSchema = z.object({
  totalEnvironments: z.number(),
  activeEnvironments: z.number(),
  averageLifetimeMs: z.number(),
  creationTimeMs: percentilesSchema,
  previewLoadMs: percentilesSchema,
  hotReloadMs: percentilesSchema,
  /**
   * Processor and memory as shares of the machine, 0 to 1; network in bytes a second, of the last minute. Null while
   * nothing was measured: that happens only as long as somebody looks.
   */
  resourceUtilization: z.object({ cpu: z.number(), memory: z.number(), network: z.number() }).nullable(),
  errorRate: z.number(),
  /** What people did to environments through the API. */
  userInteractions: z.number(),
  /** Share of the previews people said something about that were useful. */
  userSatisfaction: z.number().nullable(),
});
export type Metrics = z.infer<typeof metricsSchema>;

/** POST /api/environments/{id}/feedback: whether the preview was useful; null takes it back. */
export const feedbackSchema = z.strictObject({ useful: z.boolean().nullable() });
export type Feedback = z.infer<typeof feedbackSchema>;
