import type { FrameModules } from '#shared/frame/page.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { Build, BuilderEvent, BuilderOptions, BuiltPage } from '../protocol.ts';

/** One way of getting from files to what the bundler in the page runs. */
export interface Pipeline {
  /** Reads the project far enough that pages can be served. */
  prepare(): Promise<void>;
  page(path: string): Promise<BuiltPage>;
  /** The whole build; makes the vendor bundle if there is none of its key. */
  build(): Promise<Build>;
  /** Text of the vendor bundle, or null when it is not the current one. */
  vendor(key: string): Promise<string | null>;
  /** Source map of a module, as JSON, or null. */
  sourceMap(path: string): Promise<string | null>;
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
  emit(event: BuilderEvent): void;
  /** Another vendor bundle is needed: everything is announced anew, and pages reload. */
  onPackagesChanged(): void;
}

export const NO_MODULES: FrameModules = {};
