import { z } from 'zod';
import { consoleValueSchema } from '../realtime/console-value.ts';

/** Longest text that is evaluated, characters. */
export const MAX_EVALUATED_LENGTH = 32_768;

/** POST `/api/environments/:id/evaluate`: runs a text in one open page of the preview. */
export const evaluateSchema = z.strictObject({
  /** Which page: the name it gave the workbench that frames it. */
  frameId: z.string().min(1).max(64),
  source: z.string().min(1).max(MAX_EVALUATED_LENGTH),
});
export type Evaluate = z.infer<typeof evaluateSchema>;

/** What it came to: the value, or what was thrown. Everything in it is the page's word. */
export const evaluationSchema = z.object({
  thrown: z.boolean(),
  value: consoleValueSchema,
  stack: z.string().max(16_484).optional(),
});
export type Evaluation = z.infer<typeof evaluationSchema>;
