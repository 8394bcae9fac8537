import { MODULES_PATH } from '#shared/frame/page.ts';
import type { Manager } from '../bundler.ts';
import { frameState, installState } from '../frame-state.ts';
import { captureConsole } from './capture-console.ts';
import { captureErrors } from './capture-errors.ts';
import { guardMessages } from './guard-messages.ts';
import { watchRoutes } from './watch-routes.ts';

const bundlerReady = Promise.withResolvers<void>();
installState({ bundlerReady: bundlerReady.promise, build: fetch(MODULES_PATH, { credentials: 'same-origin' }), reports: [] });
guardMessages();
captureConsole();
captureErrors();
watchRoutes();

globalThis.__vitrine_bundler__ = {
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
