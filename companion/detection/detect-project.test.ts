import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../config/read-config.ts';
import { chooseProvider } from './choose-provider.ts';
import { findDependencies } from './dependencies.ts';
import { detectProject } from './detect-project.ts';

let base: string;
let worktree: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-detect-')));
  worktree = join(base, 'attempts/one');
  await mkdir(worktree, { recursive: true });
});
afterEach(() => rm(base, { recursive: true, force: true }));

async function put(files: Record<string, string | object>, at = worktree) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(at, path)), { recursive: true });
    await writeFile(join(at, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
const detect = (yaml = '') => detectProject(worktree, parseConfig(yaml).isolation);

test('a Vite app with a server script has both parts, and its proxied paths belong to the backend', async () => {
  await put({
    'package.json': { scripts: { dev: 'vite', server: 'node server.js' }, devDependencies: { vite: '8' } },
    'index.html': '<div id=root>',
    'vite.config.ts':
      "export default { server: { proxy: { '/api': 'http://x', '/auth': { target: 'y' } } } }",
  });
  const plan = await detect();
  expect(plan.frontend).toMatchObject({ root: worktree, reason: 'Vite and index.html in the worktree' });
  expect(plan.services[0]).toMatchObject({ command: 'node server.js', cwd: worktree, port: 3000 });
  expect(plan.backendPaths).toEqual(['/api', '/auth']);
  expect(plan.database.engine).toBe('sqlite');
});

test('a monorepo’s apps/web and apps/api are found', async () => {
  await put({
    'package.json': { scripts: { dev: 'turbo dev' } },
    'apps/web/package.json': { scripts: { dev: 'vite' }, dependencies: { vite: '7' } },
    'apps/web/index.html': '',
    'apps/api/package.json': { scripts: { dev: 'tsx watch src/index.ts' }, dependencies: { fastify: '5' } },
  });
  const plan = await detect();
  expect(plan.frontend?.root).toBe(join(worktree, 'apps/web'));
  expect(plan.services[0]).toMatchObject({
    command: 'tsx watch src/index.ts',
    cwd: join(worktree, 'apps/api'),
  });
});

test('a frontend’s start script is not taken for a backend', async () => {
  await put({
    'package.json': { scripts: { start: 'react-scripts start' }, dependencies: { 'react-scripts': '5' } },
  });
  expect(await detect()).toMatchObject({ services: [], main: null, database: { engine: 'none' } });
});

test('the database is the one whose client the project has, and none beside a ready-made image only', async () => {
  const put1 = (dependencies: object) =>
    put({ 'package.json': { scripts: { server: 'node a.js' }, dependencies } });
  await put1({ pg: '8' });
  expect((await detect()).database.engine).toBe('postgres');
  await put1({ pg: '8', 'better-sqlite3': '12' });
  expect((await detect()).database.engine).toBe('sqlite');
  await put({ 'package.json': {}, 'index.html': '' });
  const plan = await detect('isolation: { backend: { services: { redis: { image: redis } } } }');
  expect(plan.database).toEqual({ engine: 'none', reason: 'no backend' });
});

test('a framework that renders on a server is found, so that the refusal can name it', async () => {
  await put({ 'package.json': { scripts: { dev: 'next dev' }, dependencies: { next: '15' } } });
  expect((await detect()).frontend).toMatchObject({ root: worktree, reason: 'next in the worktree' });
});

test('the configuration wins over what is found', async () => {
  await put({ 'package.json': { scripts: { server: 'node a.js' } }, 'other/b.js': '' });
  const plan = await detect('isolation: { backend: { command: node b.js, directory: other, port: 4100 } }');
  expect(plan.services[0]).toMatchObject({ command: 'node b.js', cwd: join(worktree, 'other'), port: 4100 });
});

test('an empty worktree is told what to do', async () => {
  await expect(detect()).rejects.toMatchObject({ code: 'NOTHING_TO_PREVIEW', status: 422 });
});

test('a broken package.json is named', async () => {
  await put({ 'package.json': '{ "scripts": ' });
  await expect(detect()).rejects.toMatchObject({ code: 'PACKAGE_JSON_BROKEN' });
});

test('directories outside the worktree are refused', async () => {
  await put({ 'index.html': '' });
  await expect(detect('isolation: { frontend: { root: ../.. } }')).rejects.toMatchObject({
    code: 'FRONTEND_ROOT_MISSING',
  });
  await expect(detect('isolation: { backend: { command: x, directory: ../.. } }')).rejects.toMatchObject({
    code: 'BACKEND_DIRECTORY_OUTSIDE',
  });
});

test('a worktree without packages is shown the main checkout’s only when the lock file is the same', async () => {
  const main = join(base, 'main');
  const pkg = { dependencies: { react: '19' } };
  await put({ 'package.json': pkg, 'package-lock.json': '1', 'node_modules/.vite/deps/x.js': '' });
  await put({ 'package.json': pkg, 'package-lock.json': '1', 'node_modules/react/index.js': '' }, main);
  const found = await findDependencies(worktree, main, worktree, true);
  expect(found.mounts).toEqual([
    { source: join(main, 'node_modules') },
    { source: join(main, 'node_modules'), target: join(base, 'attempts/node_modules') },
  ]);
  await put({ 'package-lock.json': '2' });
  await expect(findDependencies(worktree, main, worktree, true)).rejects.toMatchObject({
    code: 'DEPENDENCIES_MISSING',
  });
});

test('what has a server of its own is shown by it, with the reason; the configuration wins', async () => {
  const choose = async (yaml = '') =>
    chooseProvider(worktree, parseConfig(yaml).isolation, await detect(yaml));
  await put({ 'package.json': { dependencies: { next: '16' } } });
  expect(await choose()).toEqual({ name: 'devserver', reason: 'next renders on a server of its own' });
  expect((await choose('isolation: { provider: sandpack }')).name).toBe('sandpack');
  await put({ 'package.json': { devDependencies: { 'webpack-dev-server': '5' } } });
  expect((await choose()).reason).toBe('webpack-dev-server builds the app in a server of its own');
  await put({ 'package.json': { devDependencies: { vite: '8' } }, 'index.html': '' });
  expect((await choose()).name).toBe('sandpack');
  expect((await choose('isolation: { frontend: { command: npm run dev } }')).name).toBe('devserver');
});
