import { basename } from 'node:path';
import type { EnvironmentModuleNode, ModuleNode, ViteDevServer } from 'vite';
import type { PackageFiles } from './package-files.ts';
import { cleanUrl, nodeUrl, withoutBase } from './vite-url.ts';

/** A module as a page has it. */
export interface LoadedModule {
  /** Path and query it was fetched under. */
  url: string;
  etag: string;
}

/** Transforms at a time. */
const AT_ONCE = 16;
const TIME = /[?&]t=(\d+)/;
const VERSION = /[?&]v=([0-9a-f]+)/;

export interface Resumed {
  /** Files of modules that are not what the page has. */
  changed: string[];
  /** The page has packages that are not served any more. */
  isOutdated: boolean;
}

interface Known {
  url: string;
  etag: string;
  time: number;
  /** Of a bundled package. */
  version: string | undefined;
}

/**
 * Brings a new server to know what open pages run, so that hot updates go on where an earlier server's ended: its
 * modules, the times and versions in their URLs, and which of them changed in between. Nothing may have been
 * transformed before: it would name other versions than the page has. `readPage` tells Vite of the scripts in the page.
 */
export async function resume(
  server: ViteDevServer,
  packages: PackageFiles,
  loaded: LoadedModule[],
  readPage: () => Promise<void>,
): Promise<Resumed> {
  const modules = loaded
    .map((module) => describe(module, server.config.base))
    // Vite's client holds a token of its server; the page's connection does not need it.
    .filter(({ url }) => !url.startsWith('/@vite/'));
  // First: they are part of the code of whoever imports these modules.
  adoptVersions(server, modules);
  const graph = server.environments?.client?.moduleGraph ?? server.moduleGraph;
  for (const { url, time } of modules) {
    const node = await graph.ensureEntryFromUrl(nodeUrl(url)).catch(() => null);
    if (node) node.lastHMRTimestamp = Math.max(node.lastHMRTimestamp, time);
  }
  await readPage().catch(() => undefined); // without a page there are no scripts in it
  const changed = new Set<string>();
  let isOutdated = false;
  const waiting = [...modules];
  const work = async () => {
    for (let next = waiting.shift(); next !== undefined; next = waiting.shift()) {
      const { url, etag, version } = next;
      if (version !== undefined && (await packages.find(url))?.etag === etag) continue;
      const result = await server.transformRequest(nodeUrl(url)).catch(() => null);
      if (result?.etag === etag) continue;
      const node: EnvironmentModuleNode | ModuleNode | undefined = await graph
        .getModuleByUrl(nodeUrl(url))
        .catch(() => undefined);
      if (version !== undefined) isOutdated = true;
      // A virtual module has no file that could be told of.
      else if (node?.file && !node.file.includes('\0')) changed.add(node.file);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return { changed: [...changed], isOutdated };
}

function describe({ url, etag }: LoadedModule, base: string): Known {
  const local = withoutBase(url, base);
  const version = local.includes('/deps/') ? VERSION.exec(local)?.[1] : undefined;
  return { url: cleanUrl(local), etag, time: Number(TIME.exec(url)?.[1] ?? 0), version };
}

/** Vite names bundled packages otherwise after a restart, though they are the same. */
function adoptVersions(server: ViteDevServer, modules: Known[]): void {
  const metadata = server.environments?.client?.depsOptimizer?.metadata;
  if (!metadata) return;
  const versions = new Map(
    modules.flatMap(({ url, version }) =>
      version === undefined ? [] : [[basename(url.split('?', 1)[0] ?? url), version] as const],
    ),
  );
  for (const info of [...Object.values(metadata.optimized), ...Object.values(metadata.chunks)]) {
    info.browserHash = versions.get(basename(info.file)) ?? info.browserHash;
  }
}
