import { SourceMap } from 'node:module';
import { dirname, isAbsolute, relative, resolve } from 'node:path';
import type { ViteDevServer } from 'vite';
import { cleanUrl, nodeUrl, withoutBase } from './vite-url.ts';

/** `http://host:port/src/App.tsx?t=1:12:7`, as browsers name the place of a call. */
const PLACE = /https?:\/\/[\w.-]+(?::\d+)?(\/[^\s()]*?):(\d+):(\d+)/g;
/** Places looked up in one stack. */
const MAX_PLACES = 60;

interface Map {
  sources?: (string | null)[];
  mappings?: string;
}

/**
 * Puts the places of the sources, relative to the worktree, in place of those of the served modules. What is not known
 * stays.
 */
export async function mapStack(server: ViteDevServer, worktree: string, stack: string): Promise<string> {
  const places = [...stack.matchAll(PLACE)].slice(0, MAX_PLACES);
  const mapped = await Promise.all(
    places.map(([, url = '', line, column]) => place(server, worktree, url, Number(line), Number(column))),
  );
  let index = 0;
  return stack.replace(PLACE, (whole) => mapped[index++] ?? whole);
}

async function place(
  server: ViteDevServer,
  worktree: string,
  url: string,
  line: number,
  column: number,
): Promise<string | null> {
  const { config } = server;
  const graph = server.environments?.client?.moduleGraph ?? server.moduleGraph;
  // Only what was served is looked up: what a page says is no reason to resolve anything.
  const module = graph.urlToModuleMap.get(nodeUrl(cleanUrl(withoutBase(url, config.base))));
  const map = module?.transformResult?.map as Map | null | undefined;
  if (!module?.file) return null;
  // Vite serves what it need not compile line by line.
  if (!map?.mappings) return inWorktree(worktree, module.file, line, column);
  // The type wants fields that neither Vite writes nor Node reads.
  const entry = new SourceMap(map as ConstructorParameters<typeof SourceMap>[0]).findEntry(
    line - 1,
    column - 1,
  );
  if (!('originalLine' in entry)) return null;
  const file = resolve(dirname(module.file), entry.originalSource || module.file);
  return inWorktree(worktree, file, entry.originalLine + 1, entry.originalColumn + 1);
}

/** Null for a file elsewhere, or of a package. */
function inWorktree(worktree: string, file: string, line: number, column: number): string | null {
  // A worker's source is called with what Vite asked for it with.
  const [plain = file] = file.split('?', 1);
  const path = relative(worktree, plain).replaceAll('\\', '/');
  const isOurs = !isAbsolute(path) && !path.startsWith('../') && !path.includes('node_modules/');
  return isOurs ? `${path}:${line}:${column}` : null;
}
