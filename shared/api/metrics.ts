import { z } from 'zod';

/** Specification section 10. Durations in milliseconds; userSatisfaction is null until somebody said something. */
export const metricsSchema = z.object({
  totalEnvironments: z.number(),
  activeEnvironments: z.number(),
  averageLifetimeMs: z.number(),
  creationTimeMs: z.object({ p50: z.number().nullable(), p95: z.number().nullable() }),
  /** Shares of the machine, 0 to 1; null where no runtime measures them. */
  resourceUtilization: z.object({ cpu: z.number(), memory: z.number(), network: z.number() }).nullable(),
  errorRate: z.number(),
  userSatisfaction: z.number().nullable(),
});
export type Metrics = z.infer<typeof metricsSchema>;
