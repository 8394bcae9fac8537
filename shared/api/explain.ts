import { z } from 'zod';

/** One thing that was found out about a worktree. */
export const findingSchema = z.object({
  /** `frontend`, `provider`, `command`, `service <name>`, `database`, `template`, `dump`, `migrate`, `seed`, `dependencies`, `note`. */
  what: z.string(),
  value: z.string(),
  /** Why, in one sentence. */
  reason: z.string(),
});
export type Finding = z.infer<typeof findingSchema>;

/** Answer to GET /api/explain?worktree=…: what a preview of it would be made of. */
export const explanationSchema = z.object({
  worktree: z.string(),
  findings: z.array(findingSchema),
  /** `.vibe-kanban/environment.yaml` with everything that was detected written out, the file's own lines kept. */
  yaml: z.string(),
});
export type Explanation = z.infer<typeof explanationSchema>;
