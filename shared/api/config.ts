import { z } from 'zod';
import { configEditsSchema, editableSchema } from '../config/editable.ts';

const versionSchema = z.string().max(100).nullable();

/** Answer to GET /api/environments/{id}/config. */
export const configFileSchema = z.object({
  /** Relative to the worktree. */
  path: z.string(),
  /** Names the file's bytes; null where there is no file. */
  version: versionSchema,
  /** What the file says, of what can be changed here. */
  values: editableSchema.partial(),
  /** What holds where it says nothing. */
  defaults: editableSchema.partial(),
});
export type ConfigFile = z.infer<typeof configFileSchema>;

/** Body of POST /api/environments/{id}/config/draft: changes that somebody thinks of. Nothing is written. */
export const draftConfigSchema = z.strictObject({ edits: configEditsSchema });

/** Answer to it: the file as it is and as it would be. */
export const configDraftSchema = z.object({
  path: z.string(),
  version: versionSchema,
  before: z.string(),
  after: z.string(),
});
export type ConfigDraft = z.infer<typeof configDraftSchema>;

/** Body of PUT /api/environments/{id}/config. Refused with SOURCE_CHANGED where the file is another one by now. */
export const writeConfigSchema = z.strictObject({ edits: configEditsSchema, version: versionSchema });
export type WriteConfig = z.infer<typeof writeConfigSchema>;
