import { z } from 'zod';

/** A request that a page made to another host: what the page itself may know of it. */
export const pageRequestSchema = z.object({
  /** Of this page; the same id again is the same request, further on. */
  id: z.int().min(0),
  startedAt: z.number(),
  method: z.string().max(30),
  url: z.string().max(2_000),
  kind: z.enum(['http', 'websocket']),
  status: z.int().min(100).max(599).optional(),
  /** Absent while it goes on. */
  durationMs: z.number().min(0).optional(),
  bytes: z.number().min(0).optional(),
  mimeType: z.string().max(200).optional(),
  error: z.string().max(500).optional(),
  /** The page gave it up itself. */
  cancelled: z.boolean().optional(),
  /** The directive of the content policy that did not let it happen. */
  policy: z.string().max(60).optional(),
});
export type PageRequest = z.infer<typeof pageRequestSchema>;
