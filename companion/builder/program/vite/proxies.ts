import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import type { ProxyOptions, ServerOptions } from 'vite';

type Proxies = NonNullable<ServerOptions['proxy']>;

/** Node takes proxies from variables since 24.5; its types lag behind. */
type WithProxies = ConstructorParameters<typeof HttpAgent>[0] & { proxyEnv: NodeJS.ProcessEnv };

const LOCAL = /^(?:localhost|127\.\d+\.\d+\.\d+|\[::1\]|.+\.localhost)$/;

/** `server.proxy`, so that targets outside the sandbox are reached by its way out, which decides about them. */
export function throughWayOut(proxies: Proxies | undefined): Proxies | undefined {
  if (!proxies) return undefined;
  return Object.fromEntries(
    Object.entries(proxies).map(([context, options]) => {
      const set: ProxyOptions =
        typeof options === 'string' ? { target: options, changeOrigin: true } : options;
      const { target } = set;
      const url = typeof target === 'string' || target instanceof URL ? String(target) : '';
      if (!URL.canParse(url) || set.agent || LOCAL.test(new URL(url).hostname)) return [context, options];
      const agentOptions: WithProxies = { keepAlive: true, proxyEnv: process.env };
      const agent = url.startsWith('https:') ? new HttpsAgent(agentOptions) : new HttpAgent(agentOptions);
      return [context, { ...set, agent }];
    }),
  );
}

/** Contexts whose paths the project rewrites before its backend sees them. */
export const rewrittenContexts = (proxies: Proxies | undefined): string[] =>
  Object.entries(proxies ?? {}).flatMap(([context, options]) =>
    typeof options === 'object' && options.rewrite ? [context] : [],
  );

/** A path as the backend gets it from Vite's proxy. */
export function rewritten(proxies: Proxies | undefined, url: string): string {
  for (const [context, options] of Object.entries(proxies ?? {})) {
    if (!(context.startsWith('^') ? new RegExp(context).test(url) : url.startsWith(context))) continue;
    return typeof options === 'object' && options.rewrite ? options.rewrite(url) : url;
  }
  return url;
}
