import { z } from 'zod';
import { environmentIdSchema } from '../identifiers.ts';
import { MAX_TITLE_LENGTH, TASK_ID_PATTERN } from './task-limits.ts';

/** A task as read from a board's page: hostile data until parsed, and text that is only ever shown as text after. */
export const boardTaskSchema = z.object({
  taskId: z.string().regex(TASK_ID_PATTERN),
  title: z.string().max(MAX_TITLE_LENGTH).optional(),
});
export type BoardTask = z.infer<typeof boardTaskSchema>;

/** A board is named by its origin: the pages of one board share tasks, width and panel. */
export const boardUrlSchema = z
  .url({ protocol: /^https?$/ })
  .max(2048)
  .refine((url) => new URL(url).origin === url, 'expected an origin, without a path');

/** What a workbench is asked to show; the same shape as WorkbenchTarget, for messages and stored state. */
export const targetSchema = z.discriminatedUnion('kind', [
  boardTaskSchema.extend({ kind: z.literal('task'), boardUrl: boardUrlSchema }),
  z.object({ kind: z.literal('environment'), environmentId: environmentIdSchema }),
  z.object({ kind: z.literal('none') }),
]);
export type Target = z.infer<typeof targetSchema>;
