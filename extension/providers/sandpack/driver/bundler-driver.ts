import type { FrameModules } from '#shared/frame/page.ts';
import type { BundlerMessage, CompileMessage, Manager } from '../bundler.ts';
import { ASSET_MARK } from './asset-mark.ts';

/** Start file that names the entry, for the bundler to find. */
const MANIFEST = '/package.json';

/** Drives the bundler in this window: one compilation after the other. */
export class BundlerDriver {
  readonly #template: string;
  readonly #modules: CompileMessage['modules'] = {};
  #finish: (() => void) | null = null;
  #running: Promise<void> = Promise.resolve();

  constructor(template: string, entry: string, isRaw: boolean) {
    this.#template = template;
    if (isRaw) return;
    const manifest = { name: 'preview', main: entry, dependencies: {} };
    this.#modules[MANIFEST] = { path: MANIFEST, code: JSON.stringify(manifest), stubbed: true };
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

/** The builder's modules require each other by their very paths: the search of a Node resolver finds nothing else. */
function resolveExactly(manager: Manager): void {
  const resolve = manager.resolveModule.bind(manager);
  const resolveAsync = manager.resolveModuleAsync.bind(manager);
  const known = (path: string) => manager.transpiledModules[path]?.module;
  manager.resolveModule = (request) => known(request.path) ?? resolve(request);
  manager.resolveModuleAsync = async (request) => known(request.path) ?? resolveAsync(request);
}

/** Makes the manager keep no copies of what it has, and keep the page's body as the server sent it. */
export function adoptManager(manager: Manager, afterEvaluation: (evaluate: () => void) => void): void {
  manager.serialize = async () => ({});
  resolveExactly(manager);
  // Only while it is set does the bundler leave the body alone …
  manager.webpackHMR = true;
  const evaluateModule = manager.evaluateModule.bind(manager);
  let isFirst = true;
  manager.evaluateModule = (module, options) => {
    // … but an entry that is evaluated for the first time would then reload the page.
    if (isFirst) manager.webpackHMR = false;
    isFirst = false;
    const evaluate = () => {
      try {
        evaluateModule(module, options);
      } catch (error) {
        // As uncaught as in a page without a bundler.
        reportError(error);
      }
    };
    evaluate();
    afterEvaluation(evaluate);
    return {};
  };
}
