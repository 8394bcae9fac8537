import { type FramePage, MODULES_PATH, PAGE_ELEMENT_ID } from '#shared/frame/page.ts';
import type { Manager } from '../bundler.ts';
import { frameState, installState } from '../frame-state.ts';
import { captureConsole } from './capture-console.ts';
import { captureErrors } from './capture-errors.ts';
import { guardMessages } from './guard-messages.ts';
import { HotBridge } from './hot-bridge.ts';
import { EVALUATED, lookAt } from './look-at-value.ts';
import { reachBackend } from './reach-backend.ts';
import { reachPodPorts } from './reach-pod-ports.ts';
import { watchRequests } from './requests/watch-requests.ts';
import { watchRoutes } from './watch-routes.ts';

const script = document.currentScript;
const element = document.getElementById(PAGE_ELEMENT_ID);
const page = JSON.parse(element?.textContent ?? '') as FramePage;
const hot = new HotBridge();
const bundlerReady = Promise.withResolvers<void>();
const build = page.mode !== 'raw' ? null : fetch(MODULES_PATH, { credentials: 'same-origin' });
build?.catch(() => undefined); // the driver looks at it
installState({
  page,
  build,
  bundlerReady: bundlerReady.promise,
  reports: [],
  hot,
  look: (value) => lookAt(value, EVALUATED),
});

if (page.mode === 'vite') hot.install();
if (page.mode === 'raw') guardMessages();
if (page.ownServer) reachPodPorts(page.serverPort);
captureConsole();
captureErrors();
watchRoutes();
watchRequests();
// Last: what is told of requests is where they go.
if (page.backendPort !== undefined) reachBackend(page.backendPort, page.ownServer);

if (page.mode === 'raw') meetBundler();

// An app that looks for its data, or for its first script, finds what its own page has.
element?.remove();
script?.remove();
const companion = script?.dataset.companion;
// Beside Vite's client nothing has to be in order.
if (companion !== undefined) void import(companion).catch(() => undefined);

function meetBundler(): void {
  globalThis.__vitrine_bundler__ = {
    isRaw: page.mode === 'raw',
    dispatched(message) {
      if (message.type === 'initialized') bundlerReady.resolve();
      frameState().onDispatched?.(message);
    },
  };
  // The bundler leaves its manager in a global: the one handle on it.
  Object.defineProperty(globalThis, 'manager', {
    configurable: true,
    set(manager: Manager) {
      Reflect.deleteProperty(globalThis, 'manager');
      frameState().onManager?.(manager);
    },
  });
}
