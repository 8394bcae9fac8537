import { readFile } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import { extname, join, normalize } from 'node:path';

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

export interface BuiltWorkbench {
  directory: string | undefined;
  /** Sources of scripts beside those of the companion's policy. */
  scriptSources: string | undefined;
}

/** Answers with a file of the built workbench, under the companion's content security policy. */
export async function serveWorkbench(
  { directory, scriptSources = '' }: BuiltWorkbench,
  path: string,
  response: ServerResponse,
): Promise<void> {
  const file = normalize(path === '/' ? '/index.html' : path);
  const content = directory && (await readFile(join(directory, file)).catch(() => undefined));
  if (!content) {
    response.writeHead(404).end();
    return;
  }
  response.writeHead(200, {
    'Content-Type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
    'Content-Security-Policy': `default-src 'none'; script-src 'self' ${scriptSources}; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://localhost:*; frame-src http://*.localhost:*; base-uri 'none'; form-action 'none'`,
  });
  response.end(content);
}
