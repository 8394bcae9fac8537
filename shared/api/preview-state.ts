import { z } from 'zod';
import { buildErrorSchema } from '../realtime/build-error.ts';
import { hotUpdatesSchema, pagePerformanceSchema } from '../realtime/page-performance.ts';

/** Answer to GET /api/environments/{id}/state: what the pages of a preview told last. */
export const previewStateSchema = z.object({
  /** Where the page that moved last is; null while none was open. */
  currentRoute: z.string().nullable(),
  /** Routes that are known: visited ones, the last first, then where links lead. */
  routes: z.array(z.string()),
  performance: pagePerformanceSchema.nullable(),
  hotUpdates: hotUpdatesSchema.nullable(),
  buildError: buildErrorSchema.nullable(),
});
export type PreviewState = z.infer<typeof previewStateSchema>;
