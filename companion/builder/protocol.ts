import type { OutgoingHttpHeaders } from 'node:http';
import { z } from 'zod';
import { frameModulesSchema } from '#shared/frame/live.ts';
import { buildErrorSchema } from '#shared/realtime/channels.ts';

/**
 * How the frontend reaches the page: as modules that the worktree's own Vite serves (`vite`), by the bundler's own transpilers
 * (`raw`), or as it lies on disk (`static`).
 */
export const buildModeSchema = z.enum(['vite', 'raw', 'static']);
export type BuildMode = z.infer<typeof buildModeSchema>;

/** Becomes part of a URL in the page. */
const vendorKeySchema = z.string().regex(/^(?:[0-9a-f]{24})?$/);

/** A package as the emulated packager hands it to the bundler: path below node_modules → text. */
export const packagesSchema = z.record(z.string(), z.record(z.string(), z.string()));

/** Everything a page needs to run the app, and what the companion needs to serve it. */
export const buildSchema = z.object({
  mode: buildModeSchema,
  modules: frameModulesSchema,
  /** Name of the vendor bundle (`GET vendor/<key>`): changes when its contents do. Empty: there is none. */
  vendor: vendorKeySchema,
  /** Modules of packages that Vite transforms for the vendor bundle; kept beside it in the cache. */
  outer: z.array(z.string()),
  packages: packagesSchema,
  /** Vite's `base`, always with both slashes. */
  base: z.string(),
  /** What Vite's proxy rewrites before the backend sees it: prefixes of paths, or expressions that begin with `^`. */
  rewrites: z.array(z.string()).optional(),
  /** The dev server has WebSockets beside that for hot updates, and beside what it proxies: a plugin listens for them. */
  hasSockets: z.boolean().optional(),
  /** Absolute directory whose files are served under the base as they are, or null. */
  publicDirectory: z.string().nullable(),
  /** Absolute directories that imported assets may come from; the first one is the root of the URLs. */
  assetDirectories: z.array(z.string()),
  /** The bundler's template. */
  template: z.string(),
});
export type Build = z.infer<typeof buildSchema>;

/** What the builder streams (`GET events`, one JSON document a line). */
export const builderEventSchema = z.discriminatedUnion('type', [
  /** The whole of it: first on every stream that has one, after Vite started again, and when packages changed. */
  z.object({ type: z.literal('build'), build: buildSchema }),
  z.object({
    type: z.literal('update'),
    modules: frameModulesSchema,
    /** Changed too, but Vite says that pages which run stay as they are: for the next load. */
    later: frameModulesSchema,
    pruned: z.array(z.string()),
  }),
  z.object({ type: z.literal('reload'), reason: z.string() }),
  z.object({ type: z.literal('custom'), event: z.string(), data: z.unknown() }),
  /** The build is broken (or whole again: null). What was built before stays. */
  z.object({
    type: z.literal('error'),
    error: buildErrorSchema.nullable(),
    /** Vite's client shows it in the pages that run. */
    inPage: z.boolean().optional(),
  }),
  /** The project's own dev server may show what the builder cannot, and why it cannot. */
  z.object({ type: z.literal('unfit'), reason: z.string() }),
  /** Packages were bundled that other worktrees can use (`GET packages/<key>`). */
  z.object({ type: z.literal('packages'), key: z.string().regex(/^[0-9a-f]{24}$/) }),
  z.object({ type: z.literal('log'), level: z.enum(['info', 'warn', 'error']), text: z.string() }),
]);
export type BuilderEvent = z.infer<typeof builderEventSchema>;

/** `GET page?path=…`: the app's HTML for a path, without its module scripts, and the module that runs them. */
export const builtPageSchema = z.object({
  mode: buildModeSchema,
  html: z.string(),
  /** 200 unless told. */
  status: z.int().optional(),
  /** Where the page is instead. */
  location: z.string().startsWith('/').optional(),
  entry: z.string(),
  base: z.string(),
  vendor: vendorKeySchema,
  /** Modules only this page needs, or that changed since it was last asked for. */
  modules: frameModulesSchema,
});
export type BuiltPage = z.infer<typeof builtPageSchema>;

/** `POST load`: modules, as the page that is loading would ask for them, and all that they import. */
export interface LoadRequest {
  /** Counts the loads of pages: what was answered for one is not answered again. */
  load: number;
  /** Paths and queries. */
  urls: string[];
  /** What need not be answered, nor what it imports. */
  known: string[];
  /** Only imports whose URLs have this in them are followed. */
  within?: string;
  headers: OutgoingHttpHeaders;
}

/** Head of each block of the answer; the body is the module's. */
export const aheadHeadSchema = z.object({
  url: z.string(),
  /** 0: whoever asks for it is told why there is none. */
  status: z.int(),
  headers: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
  /** What is answered besides because of this module. */
  imports: z.array(z.string()),
});
export type AheadHead = z.infer<typeof aheadHeadSchema>;

/** First argument of the builder program, as JSON. */
export interface BuilderOptions {
  /** Absolute directory of the frontend. */
  root: string;
  worktree: string;
  /** Private and writable: everything Vite would write beside the sources. */
  cacheDirectory: string;
  /** Vendor bundles made before, by whoever; only read. */
  vendorDirectory: string;
  /** Variables for the app. */
  appEnv: Record<string, string>;
  /** There are pages of an earlier builder: it is told what they run before it is asked for anything. */
  resumes: boolean;
}
