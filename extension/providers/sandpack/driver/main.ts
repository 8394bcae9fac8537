import { type FrameBuild, type FramePage, LIVE_PATH, PAGE_ELEMENT_ID } from '#shared/frame/page.ts';
import type { CompanionToFrame } from '#shared/frame/live.ts';
import type { Manager } from '../bundler.ts';
import { frameState } from '../frame-state.ts';
import { prune, settle } from '../modules/hot.ts';
import { ModuleRegistry } from '../modules/registry.ts';

const state = frameState();
const page = JSON.parse(document.getElementById(PAGE_ELEMENT_ID)?.textContent ?? '') as FramePage;
const registry = new ModuleRegistry(page.base);
let manager: Manager | undefined;

Object.defineProperty(globalThis, '__vitrine__', {
  value: {
    enter: registry.enter.bind(registry),
    start: (_module: unknown, require: never, paths: string[]) => {
      if (manager) manager.webpackHMR = true;
      void registry.start(require, paths);
    },
    notBuilt: (url: string) => new Error(`${url} does not build.`),
  },
});

state.onManager = (instance) => {
  manager = instance;
  instance.webpackHMR = true;
  instance.serialize = async () => ({});
  const evaluate = instance.evaluateModule.bind(instance);
  let first = true;
  instance.evaluateModule = (module, options) => {
    if (first) instance.webpackHMR = false;
    first = false;
    const result = evaluate(module, options);
    settle();
    return result;
  };
};

const build = (await (await state.build).json()) as FrameBuild;
let { revision } = build;
const modules = { ...build.modules };
await state.bundlerReady;
compile();
connect();

function compile(): void {
  const all: Record<string, { path: string; code: string; requires?: string[]; stubbed: boolean }> = {
    '/package.json': { path: '/package.json', code: JSON.stringify({ name: 'preview', main: page.entry }), stubbed: true },
  };
  for (const [path, module] of Object.entries(modules)) all[path] = { path, ...module, stubbed: true };
  globalThis.__vitrine_bundler__.deliver?.({
    type: 'compile', version: 3, sandboxId: '', template: build.template, modules: all, externalResources: [], hasActions: false,
    showOpenInCodeSandbox: false, showLoadingScreen: false, showErrorScreen: false, skipEval: false, hasFileResolver: false,
    disableDependencyPreprocessing: false, clearConsoleDisabled: true,
  });
}

function connect(): void {
  const socket = new WebSocket(`ws://${location.host}${LIVE_PATH}`);
  socket.onopen = () => socket.send(JSON.stringify({ type: 'hello', frameId: 'x', session: build.session, revision }));
  socket.onmessage = (event) => {
    const message = JSON.parse(String(event.data)) as CompanionToFrame;
    if (message.type === 'update') {
      revision = message.revision;
      Object.assign(modules, message.modules);
      for (const path of message.pruned) prune(path);
      compile();
    } else if (message.type === 'reload') location.reload();
    else if (message.type === 'error') console.log('build error', message.error);
  };
  socket.onclose = () => setTimeout(connect, 500);
}
