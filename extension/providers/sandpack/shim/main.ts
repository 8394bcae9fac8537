import { type FramePage, MODULES_PATH, PAGE_ELEMENT_ID } from '#shared/frame/page.ts';
import type { Manager } from '../bundler.ts';
import { frameState, installState } from '../frame-state.ts';
import { captureConsole } from './capture-console.ts';
import { captureErrors } from './capture-errors.ts';
import { guardMessages } from './guard-messages.ts';
import { HotBridge } from './hot-bridge.ts';
import { EVALUATED, lookAt } from './look-at-value.ts';
import { watchRoutes } from './watch-routes.ts';

const page = JSON.parse(document.getElementById(PAGE_ELEMENT_ID)?.textContent ?? '') as FramePage;
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
captureConsole();
captureErrors();
watchRoutes();

if (page.mode === 'raw') meetBundler();

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
