import { z } from 'zod';

/** One request that went through an environment's proxy. */
export const networkRequestSchema = z.object({
  id: z.number(),
  startedAt: z.number(),
  method: z.string(),
  url: z.string(),
  status: z.number().optional(),
  /** Milliseconds until the response ended. */
  durationMs: z.number().optional(),
  requestBytes: z.number(),
  responseBytes: z.number(),
  initiator: z.enum(['browser', 'backend']),
  kind: z.enum(['http', 'websocket']),
  error: z.string().optional(),
});
export type NetworkRequest = z.infer<typeof networkRequestSchema>;
export const networkListSchema = z.object({ requests: z.array(networkRequestSchema) });
