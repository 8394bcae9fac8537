import { POD_PORT_PATH } from '#shared/frame/page.ts';

const HERE = new Set(['localhost', '127.0.0.1', '[::1]', '0.0.0.0']);

type Page = Pick<Location, 'href' | 'port'>;

/**
 * A dev server's client may be told a port of this machine for its socket (`server.hmr.port`, LiveReload's 35729) or its
 * script. That port is in the sandbox: the preview's own origin leads there. `serverPort`: where the server listens in there;
 * its client may ask it by that for more (Parcel's code beside an error).
 */
export function reachPodPorts(serverPort: number | undefined): void {
  globalThis.WebSocket = new Proxy(WebSocket, {
    construct(target, [url, ...rest]: [string | URL, ...unknown[]], made) {
      return Reflect.construct(target, [podUrl(url, location, 'ws') ?? url, ...rest], made) as WebSocket;
    },
  });
  globalThis.fetch = new Proxy(fetch, {
    apply(target, self, [input, ...rest]: Parameters<typeof fetch>) {
      const url = input instanceof Request ? null : serverUrl(input, location, serverPort);
      return Reflect.apply(target, self, [url ?? input, ...rest]) as Promise<Response>;
    },
  });
  // Does not bubble.
  addEventListener('error', ({ target }) => loadFromPod(target), { capture: true });
}

/** The policy lets in no script of another port: it is loaded once more from where it may be. */
function loadFromPod(target: EventTarget | null): void {
  if (!(target instanceof HTMLScriptElement)) return;
  const url = podUrl(target.src, location, 'http');
  if (url === null) return;
  const script = document.createElement('script');
  script.src = url;
  script.type = target.type;
  script.nonce = target.nonce;
  target.after(script);
}

/** Where what another port of this machine has is had; null for any other. */
export function podUrl(url: string | URL, page: Page, scheme: 'ws' | 'http'): string | null {
  const there = elsewhereHere(url, page);
  if (there === null) return null;
  const here = new URL(page.href);
  const secure = here.protocol === 'https:' ? 's' : '';
  return `${scheme}${secure}://${here.host}${POD_PORT_PATH}${there.port}${there.pathname}${there.search}`;
}

/** Where the page's own server has what is asked by its port in the sandbox; null for any other. */
export function serverUrl(url: string | URL, page: Page, serverPort: number | undefined): string | null {
  const there = elsewhereHere(url, page);
  if (there === null || there.port !== String(serverPort)) return null;
  return new URL(there.pathname + there.search, page.href).href;
}

/** An address of this machine with a port that is not the page's. */
function elsewhereHere(url: string | URL, page: Page): URL | null {
  if (!URL.canParse(String(url), page.href)) return null;
  const there = new URL(String(url), page.href);
  const isHere = HERE.has(there.hostname) || there.hostname === new URL(page.href).hostname;
  const isHttp = /^(?:ws|http)s?:$/.test(there.protocol);
  return isHttp && isHere && there.port !== '' && there.port !== page.port ? there : null;
}
