/** Routes of an app that are known at a time. */
export const MAX_ROUTES = 100;
const LONGEST_ROUTE = 500;

/** What names a view of the app: its path, and the hash of a router that keeps its routes there. */
export function viewOf(route: string): string {
  const [address = '/', hash = ''] = route.split(/(?=#)/, 2);
  const [path = '/'] = address.split('?', 1);
  return /^#!?\//.test(hash) ? path + hash.replace(/\?.*$/, '') : path;
}

/** Known routes with others before or after them, each once. */
export function mergeRoutes(first: readonly string[], then: readonly string[]): string[] {
  const all = [...first, ...then].map(viewOf).filter((route) => route.length <= LONGEST_ROUTE);
  return [...new Set(all)].slice(0, MAX_ROUTES);
}
