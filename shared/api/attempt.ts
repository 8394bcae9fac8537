import { z } from 'zod';
import { environmentIdSchema } from '../identifiers.ts';
import { failureSchema } from './environment.ts';

/** One agent's try at a task, which owns a worktree. */
export const attemptSchema = z.object({
  taskId: z.string(),
  agentId: z.string(),
  title: z.string(),
  worktree: z.string(),
  branch: z.string(),
  /** Where it was found. */
  source: z.discriminatedUnion('kind', [
    z.object({ kind: z.literal('board'), url: z.url() }),
    z.object({ kind: z.literal('repository'), path: z.string() }),
  ]),
  environmentId: environmentIdSchema.optional(),
});
export type Attempt = z.infer<typeof attemptSchema>;

/** A repository or board whose attempts are listed; `failure` says why it could not be read just now. */
export const attemptSourceSchema = z.object({
  kind: z.enum(['board', 'repository']),
  location: z.string(),
  failure: failureSchema.optional(),
});

export const attemptListSchema = z.object({
  attempts: z.array(attemptSchema),
  sources: z.array(attemptSourceSchema),
});
export type AttemptList = z.infer<typeof attemptListSchema>;

export const addRepositorySchema = z.strictObject({ path: z.string().min(1).max(4096) });
export const addBoardSchema = z.strictObject({ url: z.url({ protocol: /^https?$/ }) });
