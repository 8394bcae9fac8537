import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type { FrameModules } from '#shared/frame/page.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build, BuilderEvent, BuilderOptions, BuiltPage, LoadRequest } from '../protocol.ts';
import type { SharedPackages } from './vite/package-cache.ts';
import type { LoadedModule, Resumed } from './vite/resume.ts';

/** One way of getting from files to what the bundler in the page runs. */
export interface Pipeline {
  /** Reads the project far enough that pages can be served. */
  prepare(): Promise<void>;
  /** The whole build; makes the vendor bundle if there is none of its key. */
  build(): Promise<Build>;
  /** For the bundler in the page: its HTML. */
  page?(path: string): Promise<BuiltPage>;
  /** Text of the vendor bundle, or null when it is not the current one. */
  vendor?(key: string): Promise<string | null>;
  /** Answers a browser's request itself, as the project's dev server would. */
  serve?(request: IncomingMessage, response: ServerResponse): void;
  /** Answers modules and what they import, ahead of a page that loads. */
  load?(asked: LoadRequest, to: ServerResponse): Promise<void>;
  /** Takes a connection for hot updates. */
  upgrade?(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  /** Gets to know what open pages run. */
  resume?(modules: LoadedModule[]): Promise<Resumed>;
  /** Which of these modules are what would be answered now, by their URLs; what is not known is not among them. */
  current?(modules: LoadedModule[]): Promise<string[]>;
  /** A path as the project's proxy hands it to the backend. */
  rewrite?(url: string): string;
  /** A stack of the page with the places of the sources. */
  mapStack?(stack: string): Promise<string>;
  /** Bundled packages that other worktrees can use, by the key they were announced under. */
  sharedPackages?(key: string): Promise<SharedPackages | null>;
  /** Absolute paths that were added, changed or removed. Resolves when what follows from it was emitted. */
  changed(paths: string[]): Promise<void>;
  /** Whether a change of this file means starting over: configuration, env files, lock file. */
  restartsFor(path: string): boolean;
  /** First error of what does not build just now. */
  readonly error: BuildError | null;
  close(): Promise<void>;
}

export interface PipelineContext {
  options: BuilderOptions;
  /** `resume` is called before anything is asked for: until then nothing is to be transformed. */
  resumes: boolean;
  emit(event: BuilderEvent): void;
  /** Another vendor bundle is needed: everything is announced anew, and pages reload. */
  onPackagesChanged(): void;
  /** The project asks to be opened anew: as if its configuration had changed. */
  onRestart(): void;
}

export const NO_MODULES: FrameModules = {};
