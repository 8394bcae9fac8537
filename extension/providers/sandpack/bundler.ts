import type { FrameModule } from '#shared/frame/page.ts';

// What we use of the sandpack bundler (sandpack-client 2.19.8), which has no types of its own.

/** The bundler's own state, of which we use one thing. */
export interface Manager {
  serialize(options?: unknown): Promise<object>;
}

/** Something the bundler tells. */
export interface BundlerMessage {
  type: string;
  [key: string]: unknown;
}

export interface CompileMessage {
  type: 'compile';
  version: 3;
  /** Empty: the bundler keeps no cache of its own. */
  sandboxId: string;
  template: string;
  /** `stubbed` modules stay when nothing requires them (any more). */
  modules: Record<string, FrameModule & { path: string; stubbed: boolean }>;
  externalResources: string[];
  hasActions: boolean;
  showOpenInCodeSandbox: boolean;
  showLoadingScreen: boolean;
  showErrorScreen: boolean;
  skipEval: boolean;
  hasFileResolver: boolean;
  disableDependencyPreprocessing: boolean;
  clearConsoleDisabled: boolean;
}

/** Served into the bundler in the place of its window messages: nobody else can speak to it. */
export interface BundlerPort {
  dispatched(message: BundlerMessage): void;
  deliver?: (message: CompileMessage) => void;
  /** The bundler's own transpilers, and so its own error reports, are in use. */
  isRaw?: boolean;
}

declare global {
  var __vitrine_bundler__: BundlerPort;
  /** Workers the bundler takes its babel from; empty makes it start one when it needs one. */
  var babelworkers: Worker[] | undefined;
}
