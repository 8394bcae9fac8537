import { z } from 'zod';

/** What an environment's sandbox used at one moment. */
export const usageSampleSchema = z.object({
  at: z.number(),
  memoryBytes: z.number(),
  /** Since the sample before, of one processor: 200 is two of them fully. */
  cpuPercent: z.number(),
  processes: z.number(),
  /** What went through its proxy and out of it, both ways, since the sample before: bytes a second. */
  networkBytesPerSecond: z.number(),
  /** What it wrote since its start, where that is measured. */
  diskBytes: z.number().optional(),
});
export type UsageSample = z.infer<typeof usageSampleSchema>;

/** Answer to GET /api/environments/{id}/usage: the oldest first; empty while nobody watches, or where it is not measured. */
export const usageListSchema = z.object({ samples: z.array(usageSampleSchema) });
