import { createFilter, type ViteDevServer } from 'vite';
import { expect, it } from 'vitest';
import { WatchedFiles } from './watched-files.ts';

/** As much of a server as is looked at. */
const serverOf = () =>
  ({
    config: { root: '/repo/web', publicDir: '/repo/static', envDir: false },
    watcher: { add: () => undefined },
  }) as unknown as ViteDevServer;

it('is what Vite would watch: the project, and what was asked for beside it', () => {
  const server = serverOf();
  const watched = new WatchedFiles({ createFilter }, undefined);
  watched.attach(server);
  server.watcher.add(['/repo/shared/a.ts', '../content']);
  const told = ['/repo/web/x.ts', '/repo/static/y', '/repo/shared/a.ts', '/repo/content/deep/z.md'];
  expect(told.filter((path) => !watched.includes(path))).toEqual([]);
  expect(watched.includes('/repo/api/mail.html')).toBe(false);
  expect(watched.includes('/repo/website/x.ts')).toBe(false);
});

it('leaves out what the configuration has ignored', () => {
  const watched = new WatchedFiles({ createFilter }, [
    '**/src-tauri/**',
    /\.log$/,
    (path) => path.endsWith('~'),
  ]);
  watched.attach(serverOf());
  const paths = ['/repo/web/src-tauri/a.rs', '/repo/web/b.log', '/repo/web/c~', '/repo/web/d.ts'];
  expect(paths.filter((path) => watched.includes(path))).toEqual(['/repo/web/d.ts']);
});
