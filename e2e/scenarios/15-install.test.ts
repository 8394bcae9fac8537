import { execFile } from 'node:child_process';
import { access, copyFile, mkdir, mkdtemp, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { commitAll, git } from '../../companion/demo/git.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';
import { startRegistry } from '../registry.ts';
import { waitUntil } from '../wait-until.ts';

/*
 * A worktree whose packages are nowhere: they are installed from the registry by the project's own manager, in a
 * sandbox, and the preview comes up with them.
 */
const run = promisify(execFile);
const INSTALL_DEADLINE_MS = 120_000;
const SERVER = `
const ms = require('ms');
require('node:http').createServer((request, response) => response.end('two days are ' + ms('2 days') + ' by ' + require('ms/package.json').version))
  .listen(process.env.PORT, process.env.HOST);
`;
const manifest = (packages: Record<string, string>, packageManager?: string) =>
  JSON.stringify({
    packageManager,
    name: 'with-packages',
    private: true,
    scripts: { server: 'node server.cjs' },
    dependencies: packages,
  });

const lifetime = new Lifetime();
let directory: string;
let companion: Companion;
let attempts = 0;

beforeAll(async () => {
  directory = lifetime.own(await realpath(await mkdtemp(join(tmpdir(), 'vitrine-install-'))), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  await mkdir(join(directory, 'user'));
  const env = { HOME: join(directory, 'user') };
  companion = lifetime.own(await startCompanion({ env }), (started) => started.stop());
});
afterAll(() => lifetime.end());

/** A worktree of a new project with that package.json; `locked` writes its lock file. */
async function makeAttempt(
  packages: Record<string, string>,
  {
    locked = true,
    manager,
    files = {},
  }: { locked?: boolean; manager?: string; files?: Record<string, string> } = {},
): Promise<string> {
  attempts += 1;
  const place = join(directory, String(attempts));
  const repository = await makeProject(join(place, 'project'), {
    'package.json': manifest(packages, manager),
    'server.cjs': SERVER,
    '.gitignore': 'node_modules\n',
    ...files,
  });
  if (locked) {
    await lock(repository);
    await commitAll(repository, 'Lock the packages');
  }
  const worktree = join(place, 'attempt', 'app');
  await git(repository, ['worktree', 'add', '--quiet', '-b', 'attempt', worktree, 'main']);
  return worktree;
}

const lock = (cwd: string) =>
  run('npm', ['install', '--package-lock-only', '--no-audit', '--no-fund'], { cwd });
const create = (worktree: string) =>
  companion.create({ taskId: `task-${attempts}`, agentId: 'agent', title: `Install ${attempts}`, worktree });
const exists = (path: string) =>
  access(path).then(
    () => true,
    () => false,
  );

test(
  'packages that are nowhere are installed as the lock file says, and the worktree stays clean',
  async () => {
    const worktree = await makeAttempt({ ms: '2.1.2', 'left-pad': '1.3.0' });
    const locked = await readFile(join(worktree, 'package-lock.json'), 'utf8');
    const { environmentId } = await create(worktree);
    const { steps } = await companion.running(environmentId);
    expect(steps.find(({ name }) => name === 'dependencies')?.detail).toBe('installed by npm, 2 packages');
    const { body } = await companion.request(environmentId, { path: '/api/ms' });
    expect(body).toBe('two days are 172800000 by 2.1.2');
    expect(await readFile(join(worktree, 'package-lock.json'), 'utf8')).toBe(locked);
    expect(await git(worktree, ['status', '--porcelain'])).toBe('');
  },
  INSTALL_DEADLINE_MS,
);

test(
  'packages of a private registry are installed with the user’s token, which stays in the installation',
  async () => {
    const registry = lifetime.own(await startRegistry('secret-token'), (started) => started.stop());
    const worktree = await makeAttempt(
      { '@corp/ms': '1.0.0' },
      { locked: false, files: { '.npmrc': `@corp:registry=${registry.url}\n` } },
    );
    const tokens = [`//${new URL(registry.url).host}/`, '//registry.npmjs.org/'];
    await writeFile(
      join(directory, 'user/.npmrc'),
      tokens.map((place) => `${place}:_authToken=secret-token\n`).join(''),
    );
    const { environmentId } = await create(worktree);
    const step = await waitUntil(
      async () => {
        const { steps } = await companion.environment(environmentId);
        return steps.find(
          ({ name, status }) => name === 'dependencies' && ['done', 'failed'].includes(status),
        );
      },
      { what: 'the installation to end', deadlineMs: 60_000 },
    );
    expect(step.detail).toBe('installed by npm, 1 package');
    expect(await exists(join(worktree, 'node_modules/@corp/ms/package.json'))).toBe(true);
    const { stdout } = await run('grep', ['-rls', 'secret-token', companion.home]).catch(() => ({
      stdout: '',
    }));
    expect(stdout).toBe('');
  },
  INSTALL_DEADLINE_MS,
);

test(
  'a lock file that changes later brings its packages',
  async () => {
    const worktree = await makeAttempt({ ms: '2.1.2' });
    const { environmentId } = await create(worktree);
    await companion.running(environmentId);
    // As a rebase brings them: both files, and nothing installed.
    const other = await makeAttempt({ ms: '2.1.3' });
    for (const name of ['package.json', 'package-lock.json'])
      await copyFile(join(other, name), join(worktree, name));
    const answer = async () => (await companion.request(environmentId, { path: '/api/ms' })).body;
    await waitUntil(async () => (await answer()).endsWith('by 2.1.3'), {
      what: 'the new version to be used',
      deadlineMs: 60_000,
      intervalMs: 500,
    });
  },
  INSTALL_DEADLINE_MS,
);

test(
  'an installation that fails says why and leaves nothing behind',
  async () => {
    const worktree = await makeAttempt({ '@vitrine-no-such-scope/nothing': '1.0.0' }, { locked: false });
    const { environmentId } = await create(worktree);
    const { status, failure } = await companion.settled(environmentId);
    expect(status).toBe('failed');
    expect(failure).toMatchObject({ code: 'INSTALL_FAILED' });
    expect(failure?.message).toContain('@vitrine-no-such-scope');
    expect(await exists(join(worktree, 'node_modules'))).toBe(false);
  },
  INSTALL_DEADLINE_MS,
);

test(
  'a script of a package reaches nothing but the registry',
  async () => {
    const worktree = await makeAttempt({ ms: '2.1.3', scripted: 'file:./scripted' }, { locked: false });
    await makeProject(join(worktree, 'scripted'), {
      'package.json': JSON.stringify({
        name: 'scripted',
        version: '1.0.0',
        scripts: { install: 'node reach.cjs' },
      }),
      'reach.cjs': `const { hostname, port } = new URL(process.env.HTTP_PROXY);
require('node:http').get({ hostname, port, path: 'http://example.test/', headers: { host: 'example.test' } }, (answer) =>
  answer.resume() && require('node:fs').writeFileSync('reached.txt', String(answer.statusCode)));`,
    });
    const { environmentId } = await create(worktree);
    await companion.running(environmentId);
    expect(await readFile(join(worktree, 'scripted/reached.txt'), 'utf8')).toBe('403');
  },
  INSTALL_DEADLINE_MS,
);

test(
  'packages that git would not ignore are not installed',
  async () => {
    const worktree = await makeAttempt({ ms: '2.1.3' });
    await writeFile(join(worktree, '.gitignore'), '');
    const { environmentId } = await create(worktree);
    expect((await companion.settled(environmentId)).failure).toMatchObject({
      code: 'DEPENDENCIES_NOT_IGNORED',
    });
  },
  INSTALL_DEADLINE_MS,
);

test(
  'an environment that is ended while it installs leaves no packages and no process',
  async () => {
    const worktree = await makeAttempt(
      { typescript: '5.9.2', vite: '7.1.0', react: '19.1.0' },
      { locked: false },
    );
    const { environmentId } = await create(worktree);
    await waitUntil(async () => exists(join(worktree, 'node_modules')), {
      what: 'the installation to be under way',
      deadlineMs: 60_000,
      intervalMs: 20,
    });
    await companion.terminate(environmentId);
    expect(await exists(join(worktree, 'node_modules'))).toBe(false);
  },
  INSTALL_DEADLINE_MS,
);

test.each(['pnpm@9.15.4', 'yarn@1.22.22'])(
  '%s, which package.json names, is fetched and used',
  async (manager) => {
    const worktree = await makeAttempt({ ms: '2.1.3' }, { locked: false, manager });
    const { environmentId } = await create(worktree);
    const { steps } = await companion.running(environmentId);
    const name = manager.split('@')[0];
    expect(steps.find((step) => step.name === 'dependencies')?.detail).toBe(
      `installed by ${name}, 1 package`,
    );
    const { body } = await companion.request(environmentId, { path: '/api/ms' });
    expect(body).toContain('by 2.1.3');
    expect(await git(worktree, ['status', '--porcelain'])).toBe('');
  },
  INSTALL_DEADLINE_MS,
);
