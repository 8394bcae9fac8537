import type { CompanionToFrame } from '#shared/frame/live.ts';
import type { FrameBuild } from '#shared/frame/page.ts';
import type { BuildError } from '#shared/realtime/channels.ts';
import type { BundlerMessage } from '../bundler.ts';
import { frameState } from '../frame-state.ts';
import { BundlerDriver } from './bundler-driver.ts';
import { firstPaint } from './first-paint.ts';
import { LiveSocket } from './live-socket.ts';
import { Overlay } from './overlay.ts';
import { tellOfPage } from './tell-of-page.ts';
import { Updates } from './updates.ts';
import { WorkbenchLink } from './workbench-link.ts';

/** A page that waits may be told again and again while the builder comes and goes. */
const WAITING_PAUSE_MS = 500;
/** Of an error, characters. */
const MAX_TOLD = 500;

const state = frameState();
const { page } = state;
const frameId = crypto.randomUUID();
const overlay = new Overlay();
const workbench = new WorkbenchLink(frameId);
let driver: BundlerDriver | undefined;
let updates: Updates | undefined;
/** There is no build to run: the page shows why, and loads again when there is one. */
let isWaiting = false;
/** The app was shown once. */
let hasRun = false;

const live = new LiveSocket({
  hello: () => ({
    type: 'hello',
    frameId,
    session: updates?.session ?? '',
    revision: updates?.revision ?? 0,
    vendor: page.vendor,
  }),
  onMessage: (message) => void onMessage(message),
  onConnected: () => undefined,
});

tellOfPage(live, workbench);

// No copies of what it has.
state.onManager = (instance) => {
  instance.serialize = async () => ({});
};
state.onDispatched = (message) => {
  driver?.dispatched(message);
  showTranspilerError(message);
};

const ran = state.build === null ? Promise.resolve() : run(state.build);
await ran;
const durationMs = await firstPaint(ran);
hasRun = true;
live.report({ type: 'painted', durationMs });
workbench.painted();

async function run(asked: Promise<Response>): Promise<void> {
  const response = await asked;
  if (!response.ok) {
    isWaiting = true;
    overlay.show(((await response.json()) as { error: BuildError }).error);
    return live.connect();
  }
  const build = (await response.json()) as FrameBuild;
  globalThis.babelworkers = [];
  driver = new BundlerDriver(build.template);
  updates = new Updates(build, driver);
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
    case 'error':
      return message.error === null ? overlay.hide() : overlay.show(message.error);
  }
}

function reload(): void {
  if (isWaiting) return void setTimeout(() => location.reload(), WAITING_PAUSE_MS);
  location.reload();
}

/** The bundler's own transpilers tell of errors as actions for an editor. */
function showTranspilerError(message: BundlerMessage): void {
  if (message.type === 'start') overlay.hide();
  if (message.type !== 'action' || message.action !== 'show-error') return;
  const { path, line, column } = message;
  const what = String(message.message ?? message.title ?? 'This file does not build.');
  if (!hasRun) live.report({ type: 'unbuildable', message: what.slice(0, MAX_TOLD) });
  overlay.show({
    message: what,
    file: typeof path === 'string' ? path.replace(/^\//, '') : undefined,
    line: typeof line === 'number' ? line : undefined,
    column: typeof column === 'number' ? column : undefined,
  });
}
