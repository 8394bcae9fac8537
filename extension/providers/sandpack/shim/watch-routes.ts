import { report } from '../frame-state.ts';

let last = '';

/** Where the page is, without its origin. */
export function currentRoute(): string {
  return `${location.pathname}${location.search}${location.hash}`;
}

/** Reports every change of the address, however it came about. */
export function watchRoutes(): void {
  for (const method of ['pushState', 'replaceState'] as const) {
    const original = History.prototype[method];
    History.prototype[method] = function (...values) {
      Reflect.apply(original, this, values);
      reportRoute();
    };
  }
  addEventListener('popstate', reportRoute);
  addEventListener('hashchange', reportRoute);
  // A router may be built on the Navigation API, where a browser has it.
  const { navigation } = globalThis as { navigation?: EventTarget };
  navigation?.addEventListener('currententrychange', reportRoute);
  reportRoute();
}

function reportRoute(): void {
  const route = currentRoute();
  if (route === last) return;
  last = route;
  report({ type: 'route', route });
}
