import { z } from 'zod';
import type { SupervisorReport } from './protocol.ts';

/**
 * What the companion takes from a supervisor. A service may run as the same user as the supervisor and forge its
 * reports, so each is checked like anything else that comes out of a sandbox.
 */
export const supervisorReportSchema: z.ZodType<SupervisorReport> = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('ready'),
    address: z.union([z.object({ socket: z.string() }), z.object({ port: z.int().min(1).max(65_535) })]),
  }),
  z.object({ type: z.literal('failed'), message: z.string() }),
  z.object({ type: z.literal('started'), id: z.int(), pid: z.int().min(2) }),
  z.object({ type: z.literal('refused'), id: z.int(), code: z.string(), message: z.string() }),
  z.object({
    type: z.literal('output'),
    id: z.int(),
    stream: z.enum(['stdout', 'stderr']),
    line: z.string(),
  }),
  z.object({
    type: z.literal('exit'),
    id: z.int(),
    code: z.int().nullable(),
    signal: z.string().nullable(),
  }),
  z.object({ type: z.literal('done'), call: z.int() }),
]);
