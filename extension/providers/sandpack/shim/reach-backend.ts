import { serverUrl } from './reach-pod-ports.ts';

type Page = Pick<Location, 'href' | 'port'>;

/**
 * An app may have the address of its backend written into it: `http://localhost:3001/api`. That port is in the sandbox;
 * the preview's own origin leads to what listens there. Sockets of a page with a server of its own are led there by
 * their port (reachPodPorts).
 */
export function reachBackend(port: number, hasOwnServer = false): void {
  const here = (url: string | URL) => backendUrl(url, location, port) ?? url;
  globalThis.fetch = new Proxy(fetch, {
    apply(target, self, [input, ...rest]: Parameters<typeof fetch>) {
      return Reflect.apply(target, self, [hereOf(input, here), ...rest]) as Promise<Response>;
    },
  });
  XMLHttpRequest.prototype.open = new Proxy(XMLHttpRequest.prototype.open, {
    apply: (target, self, [method, url, ...rest]: [string, string | URL, ...unknown[]]) =>
      Reflect.apply(target, self, [method, here(url), ...rest]),
  });
  // A proxy's trap is told of constructors as objects.
  const made = <T extends object>(target: T, [url, ...rest]: [string | URL, ...unknown[]], through: object) =>
    Reflect.construct(
      target as unknown as new () => object,
      [here(url), ...rest],
      through as new () => object,
    );
  if (!hasOwnServer) globalThis.WebSocket = new Proxy(WebSocket, { construct: made });
  globalThis.EventSource = new Proxy(EventSource, { construct: made });
}

function hereOf(input: RequestInfo | URL, here: (url: string | URL) => string | URL): RequestInfo | URL {
  if (!(input instanceof Request)) return here(input);
  const url = here(input.url);
  return url === input.url ? input : new Request(url, input);
}

/** Where the preview has what is asked of the backend's port on this machine; null for any other. */
export function backendUrl(url: string | URL, page: Page, port: number): string | null {
  const there = serverUrl(url, page, port);
  return there !== null && /^ws/i.test(String(url)) ? there.replace(/^http/, 'ws') : there;
}
