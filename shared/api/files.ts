import { z } from 'zod';

export const fileEntrySchema = z.object({ path: z.string(), size: z.number(), mtimeMs: z.number() });
export const fileListSchema = z.object({ files: z.array(fileEntrySchema), truncated: z.boolean() });
export type FileList = z.infer<typeof fileListSchema>;

/** Largest file the editor reads or writes, bytes. */
export const MAX_FILE_BYTES = 5 * 1024 * 1024;

export const writeFileSchema = z.strictObject({
  path: z.string().min(1).max(4096),
  content: z.string(),
});

export const fileContentSchema = z.object({ path: z.string(), content: z.string(), mtimeMs: z.number() });
