import type { FrameModule } from '#shared/frame/page.ts';

// What we use of the sandpack bundler (sandpack-client 2.19.8), which has no types of its own.

export interface HotModule {
  accept(paths?: string[], callback?: () => void): void;
}

/** The bundler's `module` while it evaluates one. */
export interface EvaluatedModule {
  exports: Record<PropertyKey, unknown>;
  hot: HotModule;
}

export interface TranspiledModule {
  module: { path: string };
  compilation: EvaluatedModule | null;
  initiators: Set<TranspiledModule>;
  hmrConfig: unknown;
  resetCompilation(): void;
}

export interface Manager {
  webpackHMR: boolean;
  isReloading: boolean;
  transpiledModules: Record<string, { tModules: Record<string, TranspiledModule> }>;
  evaluateModule(module: unknown, options?: unknown): unknown;
  serialize(options?: unknown): Promise<object>;
  reload(): void;
}

export interface BundlerMessage {
  type: string;
  [key: string]: unknown;
}

export interface CompileMessage {
  type: 'compile';
  version: 3;
  sandboxId: string;
  template: string;
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

/** Put into the served bundler in place of its window messages: nobody else can speak to it. */
export interface BundlerPort {
  dispatched(message: BundlerMessage): void;
  deliver?: (message: CompileMessage) => void;
}

declare global {
  var __vitrine_bundler__: BundlerPort;
}
