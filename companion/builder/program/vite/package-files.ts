import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, join } from 'node:path';
import { init, parse } from 'es-module-lexer';
import type { ViteDevServer } from 'vite';
import { withoutBase } from './vite-url.ts';

const BUNDLED = /^\/([\w.@+-]+\.js)\?v=([0-9a-f]+)$/;
const NEIGHBOUR = /^\.\/([\w.@+-]+\.js)$/;

export interface PackageFile {
  text: string;
  etag: string;
}

interface DepInfo {
  file: string;
  browserHash?: string;
  processing?: Promise<void>;
}

/**
 * Serves packages that Vite's optimizer bundled as they lie in its cache. Vite would take each through all plugins
 * and write its source map, megabytes of it, into it: a third of the time to a first page. Whatever is not plainly
 * such a file is left to Vite.
 */
export class PackageFiles {
  readonly #server: ViteDevServer;
  readonly #prefix: string;
  readonly #texts = new Map<string, Promise<PackageFile | null>>();

  constructor(server: ViteDevServer) {
    this.#server = server;
    this.#prefix = `/@fs/${join(server.config.cacheDir, 'deps').replaceAll('\\', '/').replace(/^\//, '')}`;
    this.#leaveToUs();
  }

  /** False, having touched nothing, when it is Vite's to answer. */
  async serve(request: IncomingMessage, response: ServerResponse): Promise<boolean> {
    if (request.method !== 'GET') return false;
    const file = await this.find(withoutBase(request.url ?? '', this.#server.config.base));
    if (file === null) return false;
    const headers = { etag: file.etag, 'cache-control': 'max-age=31536000,immutable' };
    if (request.headers['if-none-match'] === file.etag) response.writeHead(304, headers).end();
    else response.writeHead(200, { ...headers, 'content-type': 'text/javascript' }).end(file.text);
    return true;
  }

  /** The file of a URL without the base. Waits while it is being bundled. */
  async find(url: string): Promise<PackageFile | null> {
    const optimizer = this.#server.environments?.client?.depsOptimizer;
    const path = decodeURI(url);
    if (!optimizer || !path.startsWith(`${this.#prefix}/`)) return null;
    const [, name, version] = BUNDLED.exec(path.slice(this.#prefix.length)) ?? [];
    if (name === undefined || version === undefined) return null;
    await optimizer.scanProcessing;
    await this.#infoOf(name)?.processing;
    // It may have been replaced while it was made.
    if (this.#infoOf(name)?.browserHash !== version) return null;
    const key = `${name}?${version} ${optimizer.metadata.browserHash}`;
    const known = this.#texts.get(key) ?? this.#read(name);
    this.#texts.set(key, known);
    return known;
  }

  /** Vite transforms ahead what a module imports: for packages that was 200 ms of a first page, for nobody. */
  #leaveToUs(): void {
    const client = this.#server.environments?.client;
    const warmUp = client?.warmupRequest?.bind(client);
    if (!client || !warmUp) return; // Vite 5
    client.warmupRequest = async (url) => {
      const isOurs = (await this.find(url).catch(() => null)) !== null;
      if (!isOurs) await warmUp(url);
    };
  }

  #infoOf(name: string): DepInfo | undefined {
    const metadata = this.#server.environments.client.depsOptimizer?.metadata;
    if (!metadata) return undefined;
    const all: Record<string, DepInfo>[] = [metadata.optimized, metadata.chunks, metadata.discovered];
    for (const infos of all) {
      const found = Object.values(infos).find(({ file }) => basename(file) === name);
      if (found) return found;
    }
    return undefined;
  }

  /** Null when it imports anything but its neighbours, or speaks of where it is: that is for Vite's plugins. */
  async #read(name: string): Promise<PackageFile | null> {
    try {
      const [source] = await Promise.all([
        readFile(join(this.#server.config.cacheDir, 'deps', name), 'utf8'),
        init,
      ]);
      let text = '';
      let position = 0;
      for (const { n: specifier, s, e, d } of parse(source)[0]) {
        const neighbour = NEIGHBOUR.exec(specifier ?? '')?.[1];
        const version = neighbour === undefined ? undefined : this.#infoOf(neighbour)?.browserHash;
        if (specifier === undefined || version === undefined) return null;
        // The place of a dynamic import's specifier includes its quotes.
        const end = d > -1 ? e - 1 : e;
        text += `${source.slice(position, end)}?v=${version}`;
        position = end;
        if (s > end) return null;
      }
      text += source.slice(position);
      return { text, etag: `W/"${createHash('sha256').update(text).digest('base64url').slice(0, 27)}"` };
    } catch {
      return null; // Vite says what is wrong with it
    }
  }
}
