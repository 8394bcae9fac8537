import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { parseConfig } from '../config/read-config.ts';
import { chooseProvider } from './choose-provider.ts';
import { findDependencies } from './dependencies.ts';
import { detectProject } from './detect-project.ts';
import { frontendPort } from './frontend-port.ts';

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

test.each([
  ['npm', { 'package.json': { workspaces: ['sites/*', './tools'] } }],
  ['Yarn', { 'package.json': { workspaces: { packages: ['sites/**', '!sites/old', '../other/*'] } } }],
  ['pnpm', { 'package.json': {}, 'pnpm-workspace.yaml': 'packages:\n  - "sites/*"\n' }],
])('a frontend is found where the workspaces of %s are', async (_, files) => {
  await put({
    ...files,
    'sites/shop/package.json': { scripts: { dev: 'vite' }, dependencies: { vite: '7' } },
    'sites/shop/index.html': '',
  });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'sites/shop'));
});

test('a site in a directory of its own is found where there is nothing else', async () => {
  await put({
    'package.json': { name: 'library' },
    'website/package.json': {
      scripts: { start: 'docusaurus start' },
      dependencies: { '@docusaurus/core': '3' },
    },
  });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'website'));
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

test('the engine that a schema or a configuration names goes before the clients that are there', async () => {
  const backend = { scripts: { server: 'node a.js' }, dependencies: { '@prisma/client': '6', sqlite3: '5' } };
  await put({
    'package.json': backend,
    'prisma/schema.prisma':
      'generator client { provider = "prisma-client" }\ndatasource db {\n  provider = "postgresql"\n}',
  });
  expect((await detect()).database).toEqual({
    engine: 'postgres',
    reason: 'prisma/schema.prisma says postgresql',
  });
});

test('a framework that renders pages has a database where it has a client for one', async () => {
  const next = { scripts: { dev: 'next dev' }, dependencies: { next: '15', react: '19' } };
  await put({ 'package.json': next });
  expect((await detect()).database.engine).toBe('none');
  await put({ 'package.json': { ...next, dependencies: { ...next.dependencies, pg: '8' } } });
  expect(await detect()).toMatchObject({ services: [], database: { engine: 'postgres' } });
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
  await put({ 'node_modules/x/index.js': '' }, join(main, 'apps/web'));
  await put({ 'apps/web/package.json': pkg });
  const web = join(worktree, 'apps/web');
  const own = await findDependencies(worktree, main, web, true, true);
  expect(own.mounts.flatMap(({ target }) => target ?? []).sort()).toEqual([
    join(web, 'node_modules'),
    join(worktree, 'node_modules'),
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

test('a frontend is found where its page or its package.json is elsewhere', async () => {
  const vite = { scripts: { dev: 'vite' }, devDependencies: { vite: '7' } };
  await put({
    'package.json': vite,
    'vite.config.ts': "export default { root: 'src' }",
    'src/index.html': '',
  });
  expect((await detect()).frontend?.root).toBe(worktree);
  await put({ 'package.json': { devDependencies: { vite: '7' } } });
  await put({ 'apps/shop/index.html': '', 'apps/shop/vite.config.mts': '', 'apps/docs/index.html': '' });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'apps/shop'));
});

test('of several frontends, one that is aside is the last choice', async () => {
  const vite = { scripts: { dev: 'vite' }, devDependencies: { vite: '7' } };
  for (const name of ['apps/docs', 'apps/web'])
    await put({ [`${name}/package.json`]: vite, [`${name}/index.html`]: '' });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'apps/web'));
});

test('a site of plain files is found in the usual places, and needs none of its tools', async () => {
  await put({ 'public/index.html': '<script type="module" src="a.js"></script>', 'public/a.js': '' });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'public'));
  await put({ 'package.json': { devDependencies: { prettier: '3' } }, 'index.html': '' });
  expect(await findDependencies(worktree, worktree, worktree, true)).toMatchObject({ detail: 'none needed' });
});

test('what the default provider would show otherwise than the project is left to its own server', async () => {
  const reason = async () =>
    (await chooseProvider(worktree, parseConfig('').isolation, await detect())).reason;
  const vite = (version: string, scripts: object) => ({ scripts, devDependencies: { vite: version } });
  await put({ 'index.html': '', 'package.json': vite('^4.5.0', { dev: 'vite' }) });
  expect(await reason()).toBe('Vite 4 is older than 5');
  await put({ 'package.json': vite('7', { predev: 'node gen.js', dev: 'vite' }) });
  expect(await reason()).toBe('script "dev" runs node gen.js before Vite');
  await put({ 'package.json': vite('7', { dev: 'tsx watch server.ts' }), 'server.ts': "import 'vite';" });
  expect(await reason()).toBe('server.ts serves the app with Vite inside');
  expect((await detect()).services).toEqual([]);
  await put({ 'package.json': { dependencies: { 'react-scripts': '5' } }, 'src/setupProxy.js': '' });
  expect(await reason()).toBe('src/setupProxy is a part of its own server');
});

test.each([
  ['web-dev-server --node-resolve --watch', {}, 'Web Dev Server'],
  ['esbuild src/app.jsx --bundle --outdir=www --servedir=www', {}, 'esbuild'],
  ['stencil build --dev --watch --serve', {}, 'Stencil'],
  ['rollup -c -w', { 'rollup-plugin-serve': '3' }, 'Rollup'],
  ['gulp', { 'browser-sync': '3' }, 'Gulp'],
])('a page that %s makes is left to that, wherever it lies', async (start, packages, name) => {
  await put({ 'package.json': { scripts: { start }, devDependencies: packages }, 'src/index.html': '' });
  const plan = await detect();
  expect(plan).toMatchObject({ frontend: { root: worktree }, services: [] });
  expect(await chooseProvider(worktree, parseConfig('').isolation, plan)).toEqual({
    name: 'devserver',
    reason: `${name} builds the app in a server of its own`,
  });
});

test('a tool that serves nothing by itself, or starts the project’s server, makes no frontend', async () => {
  await put({ 'package.json': { scripts: { dev: 'rollup -c -w' } }, 'public/index.html': '' });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'public'));
  const packages = { express: '5', 'browser-sync': '3' };
  await put({ 'package.json': { scripts: { dev: 'gulp' }, dependencies: packages } });
  expect(await detect()).toMatchObject({ frontend: null, services: [{ command: 'gulp' }] });
});

test('a site whose page names scripts that are not there is left to the script that makes them', async () => {
  await put({
    'package.json': { scripts: { start: 'make-site' } },
    'public/index.html': '<script src="out/bundle.js"></script>',
  });
  expect((await detect()).frontend?.root).toBe(worktree);
  await put({ 'public/out/bundle.js': '' });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'public'));
});

test('a repository of libraries shows the playground of one, and an app rather than that', async () => {
  const playground = 'packages/ui/playground';
  await put({
    'package.json': { scripts: { dev: 'tsup --watch' } },
    'packages/ui/package.json': {},
    [`${playground}/package.json`]: { scripts: { dev: 'vite' }, devDependencies: { vite: '7' } },
    [`${playground}/index.html`]: '',
  });
  expect(await detect()).toMatchObject({ frontend: { root: join(worktree, playground) }, services: [] });
  await put({ 'apps/web/package.json': { dependencies: { '@rsbuild/core': '2' } } });
  expect((await detect()).frontend?.root).toBe(join(worktree, 'apps/web'));
});

test('a worktree’s directory, which is called after a task, says nothing of what it holds', async () => {
  const task = join(base, 'vk-improve-server');
  await mkdir(task);
  await writeFile(
    join(task, 'package.json'),
    JSON.stringify({ name: 'shop', scripts: { start: 'live-server site' } }),
  );
  await mkdir(join(task, 'site'));
  await writeFile(join(task, 'site/index.html'), '');
  expect(await detectProject(task, parseConfig('').isolation)).toMatchObject({
    frontend: { root: join(task, 'site') },
    services: [],
  });
});

test('an app of Create React App that is served below a path is left to its own server', async () => {
  const reason = async (homepage: string, env = '') => {
    await put({ 'package.json': { homepage, dependencies: { 'react-scripts': '5' } }, '.env': env });
    return (await chooseProvider(worktree, parseConfig('').isolation, await detect())).reason;
  };
  expect(await reason('https://me.example.org/shop/')).toBe('its own server has the app at /shop');
  expect(await reason('https://me.example.org', 'PUBLIC_URL=/static')).toBe(
    'its own server has the app at /static',
  );
  for (const homepage of ['.', 'https://me.example.org', 'https://me.example.org/', 'https://'])
    expect(await reason(homepage)).toBe('the default for browser apps');
});

test('a detected backend gets the port that the frontend’s proxy expects it at', async () => {
  await put({
    'package.json': { scripts: { dev: 'vite', server: 'node api.js' }, devDependencies: { vite: '7' } },
    'index.html': '',
    'vite.config.js': "export default { server: { proxy: { '/api': 'http://localhost:8787' } } }",
  });
  expect((await detect()).services[0]?.port).toBe(8787);
  expect((await detect('isolation: { backend: { port: 99 } }')).services[0]?.port).toBe(99);
});

test('a monorepo’s packages are shown where they lead to the worktree’s sources', async () => {
  const main = join(base, 'main');
  const manifests = {
    'pnpm-lock.yaml': '1',
    'package.json': {},
    'apps/web/package.json': { dependencies: { ui: '*' } },
    'packages/ui/package.json': {},
  };
  await put(manifests);
  await put({ ...manifests, 'node_modules/.pnpm/x': '', 'apps/web/node_modules/.bin/x': '' }, main);
  await symlink('../../../packages/ui', join(main, 'apps/web/node_modules/ui'));
  const { mounts } = await findDependencies(worktree, main, join(worktree, 'apps/web'), true);
  const points = mounts.flatMap(({ target, makePoint }) => (makePoint ? [target] : []));
  expect(points.sort()).toEqual([join(worktree, 'apps/web/node_modules'), join(worktree, 'node_modules')]);
});

test('the lock file is the one nearest to the frontend', async () => {
  const main = join(base, 'main');
  const files = { 'web/package.json': { dependencies: { a: '1' } }, 'web/package-lock.json': '1' };
  await put(files);
  await put({ ...files, 'web/node_modules/a/index.js': '' }, main);
  const find = () => findDependencies(worktree, main, join(worktree, 'web'), true);
  expect((await find()).detail).toBe('the main checkout’s, shared read-only');
  await put({ 'web/package-lock.json': '2' });
  await expect(find()).rejects.toMatchObject({ code: 'DEPENDENCIES_MISSING' });
});

test('Yarn’s Plug’n’Play is refused with what to do', async () => {
  await put({ 'package.json': { dependencies: { a: '1' } }, '.pnp.cjs': '' });
  await expect(findDependencies(worktree, worktree, worktree, true)).rejects.toMatchObject({
    code: 'PLUG_AND_PLAY',
  });
});

test.each([
  ['@tanstack/react-start', 'vite dev'],
  ['@solidjs/start', 'vinxi dev'],
  ['@builder.io/qwik-city', 'vite --mode ssr'],
  ['gatsby', 'gatsby develop'],
  ['@rsbuild/core', 'rsbuild --open'],
])('%s is shown by its own server, and is no backend', async (name, dev) => {
  await put({ 'package.json': { scripts: { dev }, dependencies: { [name]: '1', vite: '8', express: '5' } } });
  const plan = await detect();
  expect(plan.frontend?.reason).toBe(`${name} in the worktree`);
  expect(plan.services).toEqual([]);
  expect((await chooseProvider(worktree, parseConfig('').isolation, plan)).name).toBe('devserver');
});

test('a server of the project’s own that renders with a framework is started once', async () => {
  await put({
    'package.json': {
      scripts: { dev: 'node server.js' },
      dependencies: { '@react-router/dev': '8', vite: '8', express: '5' },
    },
    'server.js': '',
  });
  expect(await detect()).toMatchObject({ frontend: { root: worktree }, services: [] });
});

test('documentation beside an app does not take its place', async () => {
  await put({
    'package.json': {
      scripts: { dev: 'vite', docs: 'vitepress dev docs' },
      devDependencies: { vite: '8', vitepress: '1' },
    },
    'index.html': '',
  });
  expect((await detect()).frontend?.reason).toBe('Vite and index.html in the worktree');
});

test('a page below the root that the Vite configuration names is the frontend’s', async () => {
  const vite = { scripts: { dev: 'vite' }, devDependencies: { vite: '8' } };
  await put({
    'package.json': vite,
    'vite.config.js': "export default {\n  root: './client',\n};",
    'client/index.html': '',
  });
  const choose = async () => chooseProvider(worktree, parseConfig('').isolation, await detect());
  expect((await detect()).frontend?.root).toBe(worktree);
  expect((await choose()).name).toBe('sandpack');
  await rm(join(worktree, 'client'), { recursive: true });
  expect(await choose()).toEqual({ name: 'devserver', reason: expect.stringContaining('no index.html') });
});

test('where nothing else is known, the script that starts a dev server is run', async () => {
  await put({ 'package.json': { scripts: { start: 'elm-live src/Main.elm' } } });
  const plan = await detect();
  expect(plan.frontend?.reason).toBe('script "start" in the worktree');
  expect((await chooseProvider(worktree, parseConfig('').isolation, plan)).reason).toContain('"start"');
});

const VITE = { vite: '8' };
const FULL = { express: '5', ...VITE };
test.each([
  ['concurrently "vite" "nodemon server/app.js"', {}, 'nodemon server/app.js'],
  [
    'concurrently -k -n web,api "npm:dev:*"',
    { 'dev:web': 'vite', 'dev:rest': 'tsx watch a.ts' },
    'tsx watch a.ts',
  ],
  ['npm-run-all --parallel client rest', { client: 'vite', rest: 'node api/a.js' }, 'node api/a.js'],
  [
    'run-p dev:*',
    { 'dev:css': 'tailwindcss --watch', 'dev:web': 'vite', 'dev:x': 'python3 a.py' },
    'python3 a.py',
  ],
  ['node rest/main.js & vite', {}, 'node rest/main.js'],
  [
    'concurrently "npm run client" "cd backend && python3 app.py"',
    { client: 'vite' },
    'cd backend && python3 app.py',
  ],
])('what %s starts beside Vite is the backend', async (dev, scripts, command) => {
  await put({ 'index.html': '', 'package.json': { scripts: { dev, ...scripts }, dependencies: FULL } });
  const plan = await detect();
  expect(plan.services.map((each) => each.command)).toEqual([command]);
  expect((await chooseProvider(worktree, parseConfig('').isolation, plan)).name).toBe('sandpack');
});

test('what is started beside Vite and is no server is no backend', async () => {
  const scripts = { dev: 'concurrently "vite" "tsc --watch" "node scripts/generate.js --watch"' };
  await put({ 'index.html': '', 'package.json': { scripts, dependencies: VITE } });
  expect((await detect()).services).toEqual([]);
});

test('a backend runs from its sources, and what was built of them only where nothing else is told', async () => {
  const api = (scripts: object) =>
    put({ 'api/package.json': { scripts, dependencies: { fastify: '5' } }, 'package.json': {} });
  const command = async () => (await detect()).services[0]?.command;
  await api({ build: 'tsc', start: 'node dist/index.js', dev: 'tsx watch src/index.ts' });
  expect(await command()).toBe('tsx watch src/index.ts');
  await api({ start: 'nest start', 'start:prod': 'node dist/main' });
  expect(await command()).toBe('nest start');
  await api({ predev: 'prisma generate', start: 'node ./dist/main', dev: 'tsx src/main.ts' });
  expect(await command()).toBe('prisma generate && tsx src/main.ts');
  await api({ build: 'tsc', start: 'node dist/index.js' });
  expect(await command()).toBe('tsc && node dist/index.js');
  await api({ build: 'tsc', start: 'node dist/index.js', watch: 'tsc --watch' });
  expect(await command()).toBe('tsc && node dist/index.js');
  await api({ start: 'node dist/index.js', dev: 'tsc-watch --onSuccess "node dist/index.js"' });
  expect(await command()).toBe('tsc-watch --onSuccess "node dist/index.js"');
  await api({ build: 'tsc', start: 'node dist/index.js' });
  await put({ 'api/dist/index.js': '' });
  expect(await command()).toBe('node dist/index.js');
});

test('the first module of a frontend is no server, though its package depends on one', async () => {
  await put({
    'package.json': { scripts: { start: 'react-scripts start' }, dependencies: { ws: '8', react: '18' } },
    'src/index.js': '',
    'public/index.html': '',
  });
  expect((await detect()).services).toEqual([]);
});

test('a backend is found in a package of any name, by what it depends on', async () => {
  await put({
    'my-shop/package.json': { scripts: { dev: 'vite' }, dependencies: VITE },
    'my-shop/index.html': '',
    'shop-graph/package.json': { scripts: { dev: 'tsx watch a.ts' }, dependencies: { 'graphql-yoga': '5' } },
    'coverage/index.html': '',
  });
  const plan = await detect();
  expect(plan.frontend?.root).toBe(join(worktree, 'my-shop'));
  expect(plan.services[0]).toMatchObject({ command: 'tsx watch a.ts', cwd: join(worktree, 'shop-graph') });
});

test('a backend of another language is what a Procfile starts, or Django', async () => {
  await put({ 'web/package.json': { dependencies: VITE }, 'web/index.html': '' });
  await put({ 'backend/manage.py': '' });
  expect((await detect()).services[0]?.cwd).toBe(join(worktree, 'backend'));
  await put({ Procfile: 'web: python3 backend/app.py\nworker: python3 w.py\n' });
  expect((await detect()).services[0]?.command).toBe('python3 backend/app.py');
});

test.each([
  ['app.listen(4321, () => {})', 4321],
  ['const PORT = 5001;\napp.listen(PORT)', 5001],
  ['const port = process.env.PORT || 8080', 8080],
  ['serve({ fetch, port: 8787 })', 8787],
  ['app.listen(process.env.API_PORT ?? 4001)', 4001],
  ['app.listen(process.env.PORT)', 3000],
])('a backend is expected at the port that is written into it: %s', async (text, port) => {
  await put({ 'package.json': { scripts: { server: 'node --watch api/a.js' } }, 'api/a.js': text });
  expect((await detect()).services[0]?.port).toBe(port);
});

test('so is one at the port that its env file says, be it the main checkout’s alone', async () => {
  const mainCheckout = join(base, 'main');
  await put({ 'api/package.json': { scripts: { dev: 'nest start --watch' }, dependencies: { koa: '3' } } });
  const portOf = async () =>
    (await detectProject(worktree, parseConfig('').isolation, mainCheckout)).services[0]?.port;
  await put({ 'api/src/main.ts': 'await app.listen(3333);' });
  expect(await portOf()).toBe(3333);
  await put({ 'api/.env': 'DB_PORT=5433\nAPI_PORT=4100\n' }, mainCheckout);
  expect(await portOf()).toBe(4100);
});

test('a server in TypeScript is run by what the project has for it', async () => {
  await put({ 'package.json': { devDependencies: { tsx: '4' } }, 'server/index.ts': '' });
  expect((await detect()).services[0]?.command).toBe('tsx server/index.ts');
});

test('the port at which a frontend is developed is the one its Vite is told, else Vite’s own', async () => {
  expect(await frontendPort(worktree)).toBe(5173);
  await put({ 'vite.config.ts': "export default { server: { proxy: { '/api': 'x' }, port: 3100 } }" });
  expect(await frontendPort(worktree)).toBe(3100);
});
