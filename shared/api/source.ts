import { z } from 'zod';

/** How a file differs from the commit an attempt began at. */
export const changeStatusSchema = z.enum(['added', 'modified', 'deleted', 'renamed', 'conflicted']);
export type ChangeStatus = z.infer<typeof changeStatusSchema>;

/** From the worktree's top; bytes that are no text as in path-bytes.ts. */
const path = z.string().min(1).max(4096);

export const treeFileSchema = z.object({
  path: z.string(),
  size: z.number(),
  /** Left out where the file is as it was at the base. */
  status: changeStatusSchema.optional(),
  /** What a file that was renamed was called at the base. */
  from: z.string().optional(),
});
export type TreeFile = z.infer<typeof treeFileSchema>;

/** Where an attempt began: the last commit it shares with the branch it came from. */
export const baseSchema = z.object({ branch: z.string(), commit: z.string() });
export type Base = z.infer<typeof baseSchema>;

/** Answer to GET /api/environments/{id}/tree. */
export const sourceTreeSchema = z.object({
  files: z.array(treeFileSchema),
  truncated: z.boolean(),
  /** Null in a repository without a commit. */
  base: baseSchema.nullable(),
  /** `isolation.frontend` of the worktree's configuration. */
  autoSave: z.boolean(),
  syncDelayMs: z.number(),
});
export type SourceTree = z.infer<typeof sourceTreeSchema>;

/** Answer to GET /api/environments/{id}/source?path=…; `content` is null for what the editor cannot show. */
export const sourceFileSchema = z.object({
  path: z.string(),
  content: z.string().nullable(),
  /** Why there is no content, or why it cannot be written back as it is. */
  obstacle: z.enum(['binary', 'too-large', 'not-utf8', 'name-not-utf8', 'read-only']).optional(),
  size: z.number(),
  /** Names exactly these bytes. */
  version: z.string(),
});
export type SourceFile = z.infer<typeof sourceFileSchema>;

/** Body of PUT /api/environments/{id}/source. Refused with SOURCE_CHANGED, 409, where the file is another one by now. */
export const writeSourceSchema = z.strictObject({
  path,
  content: z.string(),
  /** Version the content was made from; null for a file that is to be new. */
  version: z.string().max(100).nullable(),
});
export type WriteSource = z.infer<typeof writeSourceSchema>;
export const writtenSourceSchema = z.object({ version: z.string() });

/** Query of GET /api/environments/{id}/search. */
export const searchQuerySchema = z.object({
  text: z.string().min(1).max(500),
  regex: z.enum(['true', 'false']).default('false'),
  matchCase: z.enum(['true', 'false']).default('false'),
});
export type SearchQuery = z.input<typeof searchQuerySchema>;

export const searchMatchSchema = z.object({
  path: z.string(),
  /** From 1, as editors count. */
  line: z.number(),
  column: z.number(),
  /** The line, cut around the match where it is long. */
  text: z.string(),
});
export type SearchMatch = z.infer<typeof searchMatchSchema>;
export const searchResultSchema = z.object({ matches: z.array(searchMatchSchema), truncated: z.boolean() });
export type SearchResult = z.infer<typeof searchResultSchema>;

/** Answer to GET /api/environments/{id}/base?path=…: the file as it was at the base; null where it was not there. */
export const baseFileSchema = z.object({
  path: z.string(),
  content: z.string().nullable(),
  obstacle: z.enum(['binary', 'too-large', 'not-utf8']).optional(),
});
export type BaseFile = z.infer<typeof baseFileSchema>;
