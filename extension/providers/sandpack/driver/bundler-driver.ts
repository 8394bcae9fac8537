import type { FrameModules } from '#shared/frame/page.ts';
import type { BundlerMessage, CompileMessage } from '../bundler.ts';
import { ASSET_MARK } from './asset-mark.ts';

/** Drives the bundler in this window: one compilation after the other. */
export class BundlerDriver {
  readonly #template: string;
  readonly #modules: CompileMessage['modules'] = {};
  #finish: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(template: string) {
    this.#template = template;
  }

  /** Takes new and changed modules, and resolves when the bundler has evaluated what follows from them. */
  compile(modules: FrameModules): Promise<void> {
    this.#running = this.#running.then(() => this.#compile(modules));
    return this.#running;
  }

  /** The bundler's messages end a compilation. */
  dispatched(message: BundlerMessage): void {
    if (message.type !== 'done') return;
    this.#finish?.();
    this.#finish = null;
  }

  #compile(modules: FrameModules): Promise<void> {
    for (const [path, { code, requires }] of Object.entries(modules)) {
      this.#modules[path] = { path, code: withOrigin(code), ...(requires && { requires }), stubbed: true };
    }
    return new Promise((resolve) => {
      this.#finish = resolve;
      globalThis.__vitrine_bundler__.deliver?.({
        type: 'compile',
        version: 3,
        sandboxId: '',
        template: this.#template,
        modules: { ...this.#modules },
        externalResources: [],
        hasActions: false,
        showOpenInCodeSandbox: false,
        showLoadingScreen: false,
        showErrorScreen: false,
        skipEval: false,
        hasFileResolver: false,
        disableDependencyPreprocessing: false,
        clearConsoleDisabled: true,
      });
    });
  }
}

/** Where binary files are, in the form the bundler's transpilers know. */
function withOrigin(code: string): string {
  return code.startsWith(ASSET_MARK) ? location.origin + code.slice(ASSET_MARK.length) : code;
}
