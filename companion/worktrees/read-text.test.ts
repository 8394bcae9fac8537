import { execFileSync } from 'node:child_process';
import { mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { readConfig } from '../config/read-config.ts';
import { readEnvFiles } from '../detection/env-files.ts';
import { readPackageJson } from '../detection/package-json.ts';
import { readText } from './read-text.ts';

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

test('a file larger than it may be is not read', async () => {
  await expect(readText(join(base, 'secret'), { maxBytes: 4 })).rejects.toThrow('larger than');
});
