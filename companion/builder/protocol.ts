import { z } from 'zod';
import { frameModulesSchema } from '#shared/frame/live.ts';
import { buildErrorSchema } from '#shared/realtime/channels.ts';

/** How the frontend reaches the bundler: already transformed by the worktree's Vite, or as it lies on disk. */
export const buildModeSchema = z.enum(['vite', 'raw']);
export type BuildMode = z.infer<typeof buildModeSchema>;

/** Everything a page needs to run the app, and what the companion needs to serve it. */
export const buildSchema = z.object({
  mode: buildModeSchema,
  modules: frameModulesSchema,
  /** Name of the vendor bundle (`GET /vendor/<key>`): changes when its contents do. */
  vendor: z.string(),
  /** Vite's `base`, always with both slashes. */
  base: z.string(),
  /** Absolute directory whose files are served under the base as they are, or null. */
  publicDirectory: z.string().nullable(),
  /** Absolute directories imported assets may come from. */
  assetDirectories: z.array(z.string()),
  /** The bundler's template, for raw mode. */
  template: z.string(),
});
export type Build = z.infer<typeof buildSchema>;

/** What the builder streams (`GET /events`, one JSON document a line). */
export const builderEventSchema = z.discriminatedUnion('type', [
  /** The whole of it: first on every stream, and after a restart of Vite. */
  z.object({ type: z.literal('build'), build: buildSchema }),
  z.object({ type: z.literal('update'), modules: frameModulesSchema, pruned: z.array(z.string()) }),
  z.object({ type: z.literal('reload'), reason: z.string() }),
  z.object({ type: z.literal('custom'), event: z.string(), data: z.unknown() }),
  /** The build is broken (or whole again: null). What was built before stays. */
  z.object({ type: z.literal('error'), error: buildErrorSchema.nullable() }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), text: z.string() }),
]);
export type BuilderEvent = z.infer<typeof builderEventSchema>;

/** `GET /page?path=…`: the app's HTML for a path, without its module scripts, and the module that runs them. */
export const builtPageSchema = z.object({ html: z.string(), entry: z.string() });
export type BuiltPage = z.infer<typeof builtPageSchema>;

/** `POST /changed`. */
export interface ChangedFiles {
  paths: string[];
}

/** First argument of the builder program, as JSON. */
export interface BuilderOptions {
  root: string;
  worktree: string;
  cacheDirectory: string;
}
