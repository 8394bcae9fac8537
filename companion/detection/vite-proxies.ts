import { join } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import { viteConfigText } from './vite-root.ts';

/** As much of the configuration is looked at, characters. */
const MAX_PROXY_TEXT = 4_000;
const LOCAL_TARGET = /['"`](?:https?|wss?):\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1\]):(\d+)/g;

export interface ProxiedPaths {
  /** Beside `/api`, which is always the backend's. */
  paths: string[];
  /** The one port on this machine that all of them lead to. */
  port?: number;
}

/** What `server.proxy` of the Vite configuration says, read as text: running it is the builder's affair. */
export async function readProxies(root: string | undefined): Promise<ProxiedPaths> {
  if (root === undefined) return { paths: [] };
  const told = await readText(join(root, 'package.json'), { maxBytes: MAX_SOURCE_BYTES }).catch(() => '');
  // Create React App's way: what is no file goes there.
  const [, proxied] = /"proxy"\s*:\s*"https?:\/\/(?:localhost|127\.0\.0\.1):(\d+)\/?"/.exec(told) ?? [];
  if (proxied !== undefined) return { paths: [], port: Number(proxied) };
  const text = (await viteConfigText(root)) ?? '';
  const proxy = /\bproxy\s*:\s*\{/.exec(text);
  if (!proxy) return { paths: [] };
  const body = text.slice(proxy.index, proxy.index + MAX_PROXY_TEXT);
  const paths = [...body.matchAll(/['"`](\/[\w/.-]+)['"`]\s*:/g)].flatMap(([, path = '']) =>
    path === '/api' ? [] : [path],
  );
  const ports = new Set([...body.matchAll(LOCAL_TARGET)].map(([, port]) => Number(port)));
  const [port] = ports;
  return { paths, ...(ports.size === 1 && port !== undefined && { port }) };
}
