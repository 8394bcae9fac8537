import { z } from 'zod';
import { consoleValuesSchema } from './console-value.ts';

export const consoleLevelSchema = z.enum(['debug', 'log', 'info', 'warn', 'error']);

export const consoleDepthSchema = z.int().min(0).max(20);

/** One line of the environment's console: printed by the page, by a service, or by Vitrine about them. */
export const consoleEntrySchema = z.object({
  at: z.number(),
  source: z.enum(['browser', 'server', 'vitrine']),
  /** Service name for source "server". */
  service: z.string().optional(),
  level: consoleLevelSchema,
  /** Plain text, may hold ANSI colours; never markup. */
  text: z.string(),
  stack: z.string().optional(),
  /** What the page printed, in parts, where there is more to it than the text. */
  values: consoleValuesSchema.optional(),
  /** In how many groups the page printed it. */
  depth: consoleDepthSchema.optional(),
  /** Where in the sources the page printed it: `src/app.tsx:12:7`; the URL of a package's module. */
  place: z.string().optional(),
});
export type ConsoleEntry = z.infer<typeof consoleEntrySchema>;

/** Longest text of one entry, characters; longer ones are cut and say so. */
export const MAX_ENTRY_LENGTH = 16_384;
