import { realpath, stat } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { basename, extname, join, relative, sep } from 'node:path';
import send from 'send';
import { isInside } from '../../worktrees/is-inside.ts';
import type { Build } from '../protocol.ts';

/** What an app may fetch beside its modules; sources and settings are not among it. */
const ASSETS = new Set(
  (
    '.png .apng .jpg .jpeg .jfif .gif .svg .ico .webp .avif .bmp .cur .mp4 .webm .ogg .mp3 .wav .flac .aac .opus .mov .m4a .vtt ' +
    '.woff .woff2 .eot .ttf .otf .webmanifest .pdf .txt .wasm .json .css .glb .gltf .hdr .bin .map'
  ).split(' '),
);
/** Served from a public directory whatever their kind, except these. */
const NEVER = /(?:^|\/)\.|\.(?:pem|key)$/;

export interface StaticRequest {
  build: Pick<Build, 'mode' | 'publicDirectory' | 'assetDirectories' | 'base'>;
  worktree: string;
}

/**
 * The real path of the file that a URL path names, or null. Symlinks are followed and the file they lead to has to
 * be in the worktree, or in a directory of packages that the worktree links to; dot files are never served.
 */
export async function findStaticFile(
  path: string,
  { build, worktree }: StaticRequest,
): Promise<string | null> {
  const decoded = safeDecode(path);
  if (decoded === null || decoded.includes('\0') || isHidden(decoded)) return null;
  const parts = decoded.split('/');
  if (parts.includes('..') || decoded.endsWith('/')) return null;
  const local =
    build.base !== '/' && decoded.startsWith(build.base) ? decoded.slice(build.base.length - 1) : decoded;
  const allowed = await realDirectories([worktree, ...packageDirectories(build.assetDirectories, worktree)]);
  for (const candidate of candidates(local, build)) {
    const real = await realFile(candidate);
    const home = real === null ? undefined : allowed.find((directory) => isInside(directory, real));
    if (real !== null && home !== undefined && !isHidden(relative(home, real))) return real;
  }
  return null;
}

/** pnpm and bun keep the packages themselves in a dot directory of node_modules. */
function isHidden(path: string): boolean {
  return NEVER.test(path.replaceAll(sep, '/').replace(/(^|node_modules\/)\.(?:pnpm|bun)\//, '$1'));
}

/** Sends a file found by {@link findStaticFile}: ranges, conditional requests and content types included. */
export function sendStaticFile(
  request: IncomingMessage,
  response: ServerResponse,
  file: string,
): Promise<void> {
  return new Promise((resolve) => {
    response.on('close', () => resolve());
    send(request, encodeURI(file).replaceAll('?', '%3F').replaceAll('#', '%23'), {
      cacheControl: false,
      dotfiles: 'allow',
    })
      .on('headers', (answer: ServerResponse) => answer.setHeader('cache-control', 'no-cache'))
      .on('error', (error: Error & { status?: number }) => {
        if (response.headersSent) return void response.destroy(error);
        response.writeHead(error.status ?? 500).end();
      })
      .pipe(response);
  });
}

function* candidates(
  path: string,
  { mode, publicDirectory, assetDirectories }: StaticRequest['build'],
): Generator<string> {
  if (publicDirectory !== null) yield join(publicDirectory, path);
  const root = assetDirectories[0];
  if (mode !== 'static' && !ASSETS.has(extname(path).toLowerCase())) return;
  if (path.startsWith('/@fs/')) yield path.slice('/@fs'.length);
  else if (root !== undefined) yield join(root, path);
}

/** Packages of a worktree without its own are linked from elsewhere. */
function packageDirectories(directories: string[], worktree: string): string[] {
  return directories.flatMap((directory) =>
    isInside(worktree, directory) ? [join(directory, 'node_modules'), join(worktree, 'node_modules')] : [],
  );
}

async function realDirectories(directories: string[]): Promise<string[]> {
  const real = await Promise.all(
    [...new Set(directories)].map(async (directory) => {
      const target = await realpath(directory).catch(() => null);
      // A link named node_modules may lead anywhere: what it leads to has to be one.
      const isPackages = basename(directory) === 'node_modules';
      return target !== null && isPackages && basename(target) !== 'node_modules' ? null : target;
    }),
  );
  return real.filter((directory) => directory !== null);
}

async function realFile(path: string): Promise<string | null> {
  try {
    const real = await realpath(path);
    return (await stat(real)).isFile() ? real : null;
  } catch {
    return null;
  }
}

function safeDecode(path: string): string | null {
  try {
    return decodeURIComponent(path);
  } catch {
    return null;
  }
}
