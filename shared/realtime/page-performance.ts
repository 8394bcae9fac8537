import { z } from 'zod';

const time = z.number().min(0);

/** What the browser measured of one page, as far as it tells; times are milliseconds from the navigation. */
export const pagePerformanceSchema = z.object({
  /** Anything at all is on screen. */
  firstPaintMs: time.optional(),
  firstContentfulPaintMs: time.optional(),
  /** Grows until somebody uses the page. */
  largestContentfulPaintMs: time.optional(),
  /** The document and everything it named is loaded. */
  loadedMs: time.optional(),
  /** Times the page did not react for more than 50 ms. */
  longTasks: z.object({ count: z.int().min(0), totalMs: time, longestMs: time }).optional(),
  /** Cumulative layout shift. */
  layoutShift: time.optional(),
  /** Of the page's scripts. */
  memoryBytes: time.optional(),
});
export type PagePerformance = z.infer<typeof pagePerformanceSchema>;

/** The hot updates that an environment's pages took. */
export const hotUpdatesSchema = z.object({
  count: z.int().min(0),
  lastMs: time,
  /** Of the last ones. */
  medianMs: time,
});
export type HotUpdates = z.infer<typeof hotUpdatesSchema>;
