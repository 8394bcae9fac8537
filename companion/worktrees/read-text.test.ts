import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { isPlainSite } from '../builder/plain-site.ts';
import { readConfig } from '../config/read-config.ts';
import { readEnvFiles } from '../detection/env-files.ts';
import { readPackageJson } from '../detection/package-json.ts';
import { workspacePlaces } from '../detection/workspace-places.ts';
import { gitLock } from './git-lock.ts';
import { readText } from './read-text.ts';
import { isForeign } from './unwatched.ts';

let base: string;
let worktree: string;
beforeEach(async () => {
  base = await realpath(await mkdtemp(join(tmpdir(), 'vitrine-text-')));
  worktree = join(base, 'tree');
  await mkdir(join(worktree, '.vibe-kanban'), { recursive: true });
  await writeFile(join(base, 'secret'), 'TOKEN=of-the-host');
});
afterEach(() => rm(base, { recursive: true, force: true }));

test('attack 20: a configuration that is a link to a file of the host is refused, and none of it is told', async () => {
  await symlink(join(base, 'secret'), join(worktree, CONFIG_PATH));
  const failure = await readConfig(worktree).catch((error: Error) => error);
  expect(failure).toMatchObject({ code: 'CONFIG_UNREADABLE', message: expect.stringContaining('leads out') });
  expect(JSON.stringify(failure)).not.toContain('of-the-host');
});

test('attack 20: an env file that is a link to a file of the host gives its sandbox nothing', async () => {
  await symlink(join(base, 'secret'), join(worktree, '.env'));
  await writeFile(join(worktree, 'development'), 'COLOUR=blue');
  await symlink('development', join(worktree, '.env.development'));
  expect(await readEnvFiles([worktree], { inside: worktree })).toEqual({ COLOUR: 'blue' });
});

test('a named pipe in place of a file is refused at once', async () => {
  for (const name of [CONFIG_PATH, 'package.json', '.env']) execFileSync('mkfifo', [join(worktree, name)]);
  await expect(readConfig(worktree)).rejects.toThrow('not a regular file');
  expect(await readPackageJson(worktree, worktree)).toBeNull();
  expect(await readEnvFiles([worktree], { inside: worktree })).toEqual({});
});

test('a named pipe where git, a manager or a bundler has a file holds nobody up', async () => {
  await mkdir(join(worktree, 'below'));
  for (const name of ['.git', 'below/.git', 'pnpm-workspace.yaml', 'index.html'])
    execFileSync('mkfifo', [join(worktree, name)]);
  expect(gitLock(worktree)()).toBe(false);
  expect(await isForeign(join(worktree, 'below'), [{ name: '.git' }])).toBe(false);
  expect(await workspacePlaces(worktree)).toEqual({ groups: [], single: [] });
  expect(isPlainSite(worktree)).toBe(false);
});

test.runIf(process.platform === 'linux')(
  'attack 20: a link that leads out while a file is opened, and back again after that, shows nothing of the host',
  async () => {
    const inside = join(worktree, 'inside');
    const link = join(worktree, 'link');
    await writeFile(inside, 'COLOUR=blue');
    await symlink(inside, link);
    const swap = `const fs = require('fs'); const [link] = process.argv.slice(1); console.log('swapping');
      for (let n = 0; ; n += 1) { fs.symlinkSync(n % 2 ? 'inside' : '../secret', link + '.new'); fs.renameSync(link + '.new', link); }`;
    const swapping = spawn(process.execPath, ['-e', swap, link], { stdio: ['ignore', 'pipe', 'inherit'] });
    onTestFinished(async () => {
      swapping.kill('SIGKILL');
      await once(swapping, 'close');
    });
    await once(swapping.stdout, 'data');
    const texts = new Set<string>();
    for (let round = 0; round < 500; round += 1)
      texts.add(await readText(link, { inside: worktree, maxBytes: 1_024 }).catch(() => 'refused'));
    expect([...texts].toSorted()).toEqual(['COLOUR=blue', 'refused']);
  },
);

test('a file larger than it may be is not read', async () => {
  await expect(readText(join(base, 'secret'), { maxBytes: 4 })).rejects.toThrow('larger than');
});
