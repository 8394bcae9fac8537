import { z } from 'zod';

/** What does not build, and where in the sources. */
export const buildErrorSchema = z.object({
  message: z.string(),
  file: z.string().optional(),
  line: z.number().optional(),
  column: z.number().optional(),
  frame: z.string().optional(),
});
export type BuildError = z.infer<typeof buildErrorSchema>;
