import { SourceMap } from 'node:module';
import { dirname, relative, resolve } from 'node:path';
import type { ViteDevServer } from 'vite';
import { nodeUrl, withoutBase } from './vite-url.ts';

/** `http://host:port/src/App.tsx?t=1:12:7`, as browsers name the place of a call. */
const PLACE = /https?:\/\/[\w.-]+(?::\d+)?(\/[^\s()]*?):(\d+):(\d+)/g;
/** Places looked up in one stack. */
const MAX_PLACES = 60;

interface Map {
  sources?: (string | null)[];
  mappings?: string;
}

/** Puts the places of the sources in place of those of the served modules. What is not known stays. */
export async function mapStack(server: ViteDevServer, stack: string): Promise<string> {
  const places = [...stack.matchAll(PLACE)].slice(0, MAX_PLACES);
  const mapped = await Promise.all(
    places.map(([, url = '', line, column]) => place(server, url, Number(line), Number(column))),
  );
  let index = 0;
  return stack.replace(PLACE, (whole) => mapped[index++] ?? whole);
}

async function place(
  server: ViteDevServer,
  url: string,
  line: number,
  column: number,
): Promise<string | null> {
  const { config } = server;
  const graph = server.environments?.client?.moduleGraph ?? server.moduleGraph;
  const module = await graph.getModuleByUrl(nodeUrl(withoutBase(url, config.base))).catch(() => undefined);
  const map = module?.transformResult?.map as Map | null | undefined;
  if (!module?.file || !map?.mappings) return null;
  // The type wants fields that neither Vite writes nor Node reads.
  const entry = new SourceMap(map as ConstructorParameters<typeof SourceMap>[0]).findEntry(
    line - 1,
    column - 1,
  );
  if (!('originalLine' in entry)) return null;
  const file = resolve(dirname(module.file), entry.originalSource || module.file);
  return `${relative(config.root, file).replaceAll('\\', '/')}:${entry.originalLine + 1}:${entry.originalColumn + 1}`;
}
