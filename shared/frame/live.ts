import { z } from 'zod';
import { evaluationSchema } from '../api/evaluate.ts';
import type { buildErrorSchema } from '../realtime/channels.ts';
import { consoleDepthSchema, consoleLevelSchema, MAX_ENTRY_LENGTH } from '../realtime/console-entry.ts';
import { consoleValuesSchema } from '../realtime/console-value.ts';
import { pagePerformanceSchema } from '../realtime/page-performance.ts';
import {
  type FrameModules,
  MAX_FRAME_MESSAGE_BYTES,
  MAX_LINES,
  MAX_LINKS,
  MAX_PLACE,
  MAX_REQUESTS,
} from './page.ts';
import { pageRequestSchema } from './page-request.ts';

const MAX_ROUTE = 4_096;

export const frameModuleSchema = z.object({ code: z.string(), requires: z.array(z.string()).optional() });
export const frameModulesSchema = z.record(z.string(), frameModuleSchema);

const consoleLineSchema = z.object({
  at: z.number(),
  level: consoleLevelSchema,
  text: z.string().max(MAX_ENTRY_LENGTH + 100),
  stack: z
    .string()
    .max(MAX_ENTRY_LENGTH + 100)
    .optional(),
  values: consoleValuesSchema.optional(),
  depth: consoleDepthSchema.optional(),
  /** Where the page printed it, in the browser's words: `http://…/src/app.tsx?t=1:12:7`. */
  place: z.string().max(MAX_PLACE).optional(),
});
export type ConsoleLine = z.infer<typeof consoleLineSchema>;

/** Page → companion. */
export const frameToCompanionSchema = z.discriminatedUnion('type', [
  /** First, on every connection: what the page runs. */
  z.object({
    type: z.literal('hello'),
    frameId: z.string().max(64),
    session: z.string().max(64),
    revision: z.int().min(0),
    /** Name of its vendor bundle. */
    vendor: z.string().max(64),
    /** Number of the last message it got for Vite's client; absent where there is none. */
    hot: z.int().min(0).optional(),
  }),
  /** What Vite's client sends to Vite. */
  z.object({ type: z.literal('hot'), payload: z.string().max(MAX_FRAME_MESSAGE_BYTES) }),
  /** Whether a person can see it. */
  z.object({ type: z.literal('visible'), visible: z.boolean() }),
  z.object({ type: z.literal('console'), lines: z.array(consoleLineSchema).max(MAX_LINES) }),
  z.object({ type: z.literal('route'), route: z.string().max(MAX_ROUTE) }),
  z.object({ type: z.literal('painted'), durationMs: z.number().min(0) }),
  /** What the browser measured of the page so far. */
  z.object({ type: z.literal('performance'), performance: pagePerformanceSchema }),
  /** Where the links of the page lead within the app. */
  z.object({ type: z.literal('links'), routes: z.array(z.string().max(MAX_ROUTE)).max(MAX_LINKS) }),
  /** What the page asked of other hosts, told again as it goes on. */
  z.object({ type: z.literal('requests'), requests: z.array(pageRequestSchema).max(MAX_REQUESTS) }),
  /** The bundler in the page stopped at something before it had shown the app. */
  z.object({ type: z.literal('unbuildable'), message: z.string().max(MAX_ROUTE) }),
  z.object({ type: z.literal('applied'), revision: z.int().min(0) }),
  /** What an `evaluate` came to. */
  z.object({ type: z.literal('evaluated'), id: z.uuid(), ...evaluationSchema.shape }),
]);
export type FrameToCompanion = z.infer<typeof frameToCompanionSchema>;

/** Companion → page. */
export type CompanionToFrame =
  | { type: 'update'; session: string; revision: number; modules: FrameModules; pruned: string[] }
  /** There is a build: for pages that wait for one, or that run what an earlier companion gave them. */
  | { type: 'ready'; vendor: string }
  | { type: 'reload'; reason: string }
  | { type: 'custom'; event: string; data: unknown }
  /** What Vite sends to its client. */
  | { type: 'hot'; seq: number; payload: string }
  | { type: 'error'; error: z.infer<typeof buildErrorSchema> | null }
  /** Somebody at the workbench wants to know. This socket is the only way in for it. */
  | { type: 'evaluate'; id: string; source: string };
