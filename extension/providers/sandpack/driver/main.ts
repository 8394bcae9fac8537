import type { CompanionToFrame } from '#shared/frame/live.ts';
import type { FrameBuild } from '#shared/frame/page.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { BundlerMessage, Manager } from '../bundler.ts';
import { frameState } from '../frame-state.ts';
import { notify, settle } from '../modules/hot.ts';
import { ModuleRegistry } from '../modules/registry.ts';
import { adoptManager, BundlerDriver } from './bundler-driver.ts';
import { firstPaint } from './first-paint.ts';
import { reevaluateImporters } from './invalidate.ts';
import { LiveSocket } from './live-socket.ts';
import { Overlay } from './overlay.ts';
import { reloadStyles } from './static-styles.ts';
import { Updates } from './updates.ts';
import { WorkbenchLink } from './workbench-link.ts';

/** A page that waits may be told again and again while the builder comes and goes. */
const WAITING_PAUSE_MS = 500;

const state = frameState();
const { page } = state;
const frameId = crypto.randomUUID();
const overlay = new Overlay();
const workbench = new WorkbenchLink(frameId);
const registry = new ModuleRegistry(page.base);
let manager: Manager | undefined;
let driver: BundlerDriver | undefined;
let updates: Updates | undefined;
/** There is no app in this page: it shows why, and loads again when there is one. */
let isWaiting = page.entry === null;

const live = new LiveSocket({
  hello: () => ({
    type: 'hello',
    frameId,
    // A page without a bundler is as old as its last load; one without an app waits for any.
    session: updates?.session ?? (isWaiting ? '' : 'static'),
    revision: updates?.revision ?? 0,
    vendor: page.vendor,
  }),
  onMessage: (message) => void onMessage(message),
  onConnected: () => notify('vite:ws:connect', {}),
  onDisconnected: () => notify('vite:ws:disconnect', {}),
});

state.onReport = (entry) => {
  live.report(entry);
  if (entry.type === 'route') workbench.route();
};
for (const entry of state.reports.splice(0)) live.report(entry);

registry.install(() => {
  // From here on only changed modules are evaluated.
  if (manager) manager.webpackHMR = true;
});
state.onManager = (instance) => {
  manager = instance;
  if (page.mode === 'vite') {
    adoptManager(instance, (evaluate) => reevaluateImporters(instance, settle, evaluate));
  } else instance.serialize = async () => ({});
};
state.onDispatched = (message) => {
  driver?.dispatched(message);
  if (page.mode === 'raw') showTranspilerError(message);
};

const ran = page.entry === null || state.build === null ? Promise.resolve() : run(page.entry, state.build);
if (state.build === null) live.connect();
await ran;
if (page.entry !== null) {
  const durationMs = await firstPaint(ran);
  live.report({ type: 'painted', durationMs });
  workbench.painted();
}

async function run(entry: string, asked: Promise<Response>): Promise<void> {
  const response = await asked;
  if (!response.ok) {
    isWaiting = true;
    overlay.show(((await response.json()) as { error: BuildError }).error);
    return live.connect();
  }
  const build = (await response.json()) as FrameBuild;
  if (page.mode === 'raw') globalThis.babelworkers = [];
  driver = new BundlerDriver(build.template, entry, page.mode === 'raw');
  updates = new Updates(build, driver, () => manager);
  live.connect();
  await state.bundlerReady;
  await driver.compile(build.modules);
}

async function onMessage(message: CompanionToFrame): Promise<void> {
  switch (message.type) {
    case 'update':
      if (updates === undefined) return;
      await updates.apply(message);
      return live.send({ type: 'applied', revision: message.revision });
    case 'ready':
      return isWaiting || page.vendor !== message.vendor ? reload() : undefined;
    case 'reload':
      return reload();
    case 'custom':
      if (message.event === 'vitrine:styles') return reloadStyles();
      return notify(message.event, message.data);
    case 'error':
      return message.error === null ? overlay.hide() : overlay.show(message.error);
  }
}

function reload(): void {
  if (isWaiting) return void setTimeout(() => location.reload(), WAITING_PAUSE_MS);
  notify('vite:beforeFullReload', { type: 'full-reload' });
  location.reload();
}

/** The bundler's own transpilers tell of errors as actions for an editor. */
function showTranspilerError(message: BundlerMessage): void {
  if (message.type === 'start') overlay.hide();
  if (message.type !== 'action' || message.action !== 'show-error') return;
  const { path, line, column } = message;
  overlay.show({
    message: String(message.message ?? message.title ?? 'This file does not build.'),
    file: typeof path === 'string' ? path.replace(/^\//, '') : undefined,
    line: typeof line === 'number' ? line : undefined,
    column: typeof column === 'number' ? column : undefined,
  });
}
