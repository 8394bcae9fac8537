import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { parseConfig } from '../config/read-config.ts';
import { detectProject } from './detect-project.ts';
import { explainProject } from './explain-project.ts';

let worktree: string;
beforeEach(async () => {
  worktree = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-explain-')));
});
afterEach(() => rm(worktree, { recursive: true, force: true }));

async function put(files: Record<string, string | object>) {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(worktree, path)), { recursive: true });
    await writeFile(join(worktree, path), typeof content === 'string' ? content : JSON.stringify(content));
  }
}
const explain = () => explainProject({ worktree, mainCheckout: worktree });
const MONOREPO = {
  'apps/web/package.json': { scripts: { dev: 'next dev -p 3001' }, dependencies: { next: '16' } },
  'apps/api/package.json': { scripts: { dev: 'node index.js' }, dependencies: { fastify: '5', pg: '8' } },
};

test('everything that was detected is told with its reason', async () => {
  await put(MONOREPO);
  const { findings } = await explain();
  expect(findings.map(({ what, value }) => [what, value])).toEqual([
    ['frontend', 'apps/web'],
    ['provider', 'devserver'],
    ['command', 'next dev --port $PORT --hostname 127.0.0.1'],
    ['service backend', 'node index.js in apps/api, port 3000'],
    ['database', 'postgres'],
    ['template', 'an empty database'],
    ['dependencies', 'apps/web'],
    ['dependencies', 'apps/api'],
  ]);
  expect(findings.find(({ what }) => what === 'dependencies')?.reason).toMatch(/not installed.*Run/);
});

test('its configuration makes the same preview, with nothing left to detect', async () => {
  await put(MONOREPO);
  const { yaml } = await explain();
  const { isolation } = parseConfig(yaml);
  expect(isolation).toMatchObject({
    provider: 'devserver',
    frontend: { root: 'apps/web', command: 'next dev --port "$PORT" --hostname 127.0.0.1' },
    backend: { command: 'node index.js', directory: 'apps/api', port: 3000, paths: ['/api'] },
  });
  const without = ({ services, frontend, main }: Awaited<ReturnType<typeof detectProject>>) => ({
    services: services.map(({ reason, ...service }) => service),
    root: frontend?.root,
    main,
  });
  const detected = await detectProject(worktree, parseConfig('').isolation);
  expect(without(await detectProject(worktree, isolation))).toEqual(without(detected));
});

test('what the configuration says stays, comments included', async () => {
  await put({
    'index.html': '',
    [CONFIG_PATH]: '# ours\nisolation:\n  frontend: { root: . } # here\n',
  });
  const { yaml } = await explain();
  expect(yaml).toContain('# ours');
  expect(yaml).toContain('{ root: . } # here');
  expect(parseConfig(yaml).isolation.provider).toBe('sandpack');
});

test('what a database is made from is told: the parts configured, a file found, or what would fill it', async () => {
  await put(MONOREPO);
  const template = async () =>
    (await explain()).findings.filter(({ what }) => /^(?:template|dump|migrate|seed)$/.test(what));
  await put({
    'apps/api/package.json': { scripts: { dev: 'node .', migrate: 'x' }, dependencies: { pg: '8' } },
  });
  expect(await template()).toMatchObject([{ reason: expect.stringContaining('npm run migrate') }]);

  await put({
    'apps/api/package.json': { scripts: { dev: 'node .' }, dependencies: { 'better-sqlite3': '12' } },
    'apps/api/data/dev.db': 'SQLite format 3\0',
  });
  expect(await template()).toMatchObject([{ what: 'template', value: 'apps/api/data/dev.db' }]);

  const commands = 'database: { template: { migrate: npm run up, seed: npm run fill } }';
  await put({ [CONFIG_PATH]: `isolation:\n  backend:\n    ${commands}\n` });
  expect(await template()).toMatchObject([
    { what: 'migrate', value: 'npm run up', reason: 'isolation.backend.database.template.migrate' },
    { what: 'seed', value: 'npm run fill' },
  ]);
});
