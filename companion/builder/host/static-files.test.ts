import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { findStaticFile } from './static-files.ts';

let directory: string;
let worktree: string;

beforeEach(async () => {
  directory = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-static-')));
  worktree = join(directory, 'worktree');
  await write('worktree/public/robots.txt', 'r');
  await write('worktree/src/logo.png', 'l');
});
afterEach(() => rm(directory, { recursive: true, force: true }));

async function write(path: string, text: string): Promise<string> {
  const file = join(directory, path);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, text);
  return file;
}

const find = (path: string, base = '/') =>
  findStaticFile(path, {
    worktree,
    build: { mode: 'vite', base, publicDirectory: join(worktree, 'public'), assetDirectories: [worktree] },
  });

describe('findStaticFile', () => {
  it('finds public files and imported assets, below the base too', async () => {
    expect(await find('/robots.txt')).toBe(join(worktree, 'public/robots.txt'));
    expect(await find('/src/logo.png')).toBe(join(worktree, 'src/logo.png'));
    expect(await find('/app/src/logo.png', '/app/')).toBe(join(worktree, 'src/logo.png'));
  });

  it('has no sources, settings or secrets, however the path is written', async () => {
    for (const path of ['.env', 'public/.env', '.git/config', 'src/app.ts', 'server.key'])
      await write(`worktree/${path}`, 's');
    for (const path of [
      '/.env',
      '/%2eenv',
      '/public/.env',
      '/.git/config',
      '/src/app.ts',
      '/server.key',
      '/src/../.env',
      '/src/%2e%2e/.env',
      '/a\0b',
      '/%',
      '/src/',
    ]) {
      expect(await find(path)).toBeNull();
    }
  });

  it('follows no link out of the worktree', async () => {
    const secret = await write('outside/secret.txt', 's');
    await symlink(secret, join(worktree, 'public/link.txt'));
    await symlink(dirname(secret), join(worktree, 'public/linked'));
    await symlink(dirname(secret), join(worktree, 'node_modules'));
    for (const path of ['/link.txt', '/linked/secret.txt', '/node_modules/secret.txt', `/@fs${secret}`]) {
      expect(await find(path)).toBeNull();
    }
  });

  it('serves assets of packages that are linked from elsewhere', async () => {
    const font = await write('main/node_modules/font/a.woff2', 'f');
    const stored = await write('main/node_modules/.pnpm/font@1/node_modules/font/b.woff2', 'f');
    await symlink(join(directory, 'main/node_modules'), join(worktree, 'node_modules'));
    expect(await find('/node_modules/font/a.woff2')).toBe(font);
    expect(await find(`/@fs${stored}`)).toBe(stored);
  });

  it('believes no public directory that the sandbox names outside the worktree', async () => {
    await write('outside/secret.txt', 's');
    const build = {
      mode: 'vite',
      base: '/',
      publicDirectory: join(directory, 'outside'),
      assetDirectories: [join(directory, 'outside')],
    } as const;
    expect(
      await findStaticFile('/secret.txt', {
        worktree,
        build: { ...build, assetDirectories: [...build.assetDirectories] },
      }),
    ).toBeNull();
  });
});
