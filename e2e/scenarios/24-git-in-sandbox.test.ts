import { execFileSync } from 'node:child_process';
import { mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';

/** As configurations stamp a build: what git says, asked when the page is. */
const SERVER = `import { execFileSync } from 'node:child_process';
import { createServer } from 'node:http';
const ask = (...args) => {
  try { return execFileSync('git', args, { encoding: 'utf8', stdio: 'pipe' }).trim(); } catch (error) { return 'failed: ' + error.stderr; }
};
createServer((request, response) => response.end(JSON.stringify({
  commit: ask('rev-parse', 'HEAD'),
  described: ask('describe', '--tags', '--dirty'),
  branch: ask('branch', '--show-current'),
  status: ask('status', '--porcelain'),
  subject: ask('log', '-1', '--format=%s'),
  origin: ask('remote', 'get-url', 'origin'),
  header: ask('config', '--get', 'http.extraheader'),
  written: ask('tag', 'mine'),
}))).listen(process.env.PORT, '127.0.0.1');
`;
const FILES = {
  'package.json': JSON.stringify({ name: 'stamped', scripts: { dev: 'node serve.mjs' } }),
  'serve.mjs': SERVER,
};
const lifetime = new Lifetime();
let companion: Companion;

beforeAll(async () => {
  // No Docker, whatever this machine has.
  const env = { DOCKER_HOST: 'tcp://127.0.0.1:1' };
  companion = lifetime.own(await startCompanion({ env }), (started) => started.stop());
});
afterAll(() => lifetime.end());

test('in the sandbox of a linked worktree git tells its commit, and changes nothing', async () => {
  const base = lifetime.own(await realpath(await mkdtemp(join(tmpdir(), 'vitrine-git-'))), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const main = await makeProject(join(base, 'main'), FILES);
  const git = (directory: string, ...args: string[]) =>
    execFileSync('git', args, { cwd: directory, encoding: 'utf8' }).trim();
  git(main, 'remote', 'add', 'origin', 'https://token@example.com/stamped.git');
  git(main, 'tag', 'v1');
  const worktree = join(base, 'attempt');
  git(main, 'worktree', 'add', '--quiet', '-b', 'attempt/stamp', worktree);
  git(main, 'config', 'extensions.worktreeConfig', 'true');
  git(worktree, 'config', '--worktree', 'http.extraheader', 'AUTHORIZATION: secret');
  await writeFile(join(worktree, 'new.txt'), '');
  const { environmentId: id } = await companion.create({ taskId: 'git', agentId: 'test', worktree });
  await companion.running(id);
  const { body } = await companion.request(id, { method: 'GET', path: '/' });
  expect(JSON.parse(body.toString())).toEqual({
    commit: git(worktree, 'rev-parse', 'HEAD'),
    described: 'v1',
    branch: 'attempt/stamp',
    status: '?? new.txt',
    subject: git(worktree, 'log', '-1', '--format=%s'),
    origin: 'https://example.com/stamped.git',
    header: 'failed: ',
    written: expect.stringMatching(/^failed: .*Read-only file system/s),
  });
  expect(git(main, 'tag')).toBe('v1');
  await companion.terminate(id);
});

test('in the sandbox of a main checkout git tells its commit, and neither hooks nor settings can be written', async () => {
  const base = lifetime.own(await realpath(await mkdtemp(join(tmpdir(), 'vitrine-git-'))), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const main = await makeProject(join(base, 'main'), FILES);
  const { environmentId: id } = await companion.create({ taskId: 'main', agentId: 'test', worktree: main });
  await companion.running(id);
  const { body } = await companion.request(id, { method: 'GET', path: '/' });
  const head = execFileSync('git', ['rev-parse', 'HEAD'], { cwd: main, encoding: 'utf8' }).trim();
  expect(JSON.parse(body.toString())).toMatchObject({
    commit: head,
    written: expect.stringMatching(/^failed: .*Read-only file system/s),
  });
  await companion.terminate(id);
});
