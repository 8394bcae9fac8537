import { z } from 'zod';
import { failureSchema } from '../api/environment.ts';

/** Extension → native host. */
export const nativeRequestSchema = z.object({ type: z.literal('connect') });

/** Native host → extension: where the companion is, or why there is none. */
export const nativeReplySchema = z.discriminatedUnion('type', [
  z.object({ type: z.literal('connected'), port: z.int().min(1).max(65535), token: z.string().min(32) }),
  z.object({ type: z.literal('failed'), failure: failureSchema }),
]);
export type NativeReply = z.infer<typeof nativeReplySchema>;
