import { copyFile, cp, mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { z } from 'zod';
import { CONFIG_PATH, type environmentConfigSchema } from '#shared/config/environment-config.ts';
import { commitAll, git } from '../../companion/demo/git.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject, writeFiles } from '../project.ts';
import { findProgram } from '../setup/requirements.ts';
import { Attacker } from './attacker.ts';
import type { Ground } from './grounds.ts';

const HOSTILE = join(import.meta.dirname, 'hostile');
/** A package of the main checkout that attempts share. */
export const SHARED_PACKAGE = 'left-pad';

type BackendOptions = NonNullable<
  NonNullable<z.input<typeof environmentConfigSchema>['isolation']>['backend']
>;

/** One repository, a companion, and attempts in worktrees that attack each other. */
export interface Arena {
  readonly ground: Ground;
  readonly companion: Companion;
  /** The main checkout. */
  readonly repository: string;
  /** A directory of the machine that is nobody's business. */
  readonly elsewhere: string;
  /** Makes an attempt whose backend is the hostile program, and waits until it runs. */
  enter(name: string, backend?: BackendOptions): Promise<Attacker>;
  leave(): Promise<void>;
}

export interface ArenaOptions {
  /** More files of the project. */
  files?: Record<string, string>;
  env?: NodeJS.ProcessEnv;
}

export async function openArena(ground: Ground, { files = {}, env }: ArenaOptions = {}): Promise<Arena> {
  const lifetime = new Lifetime();
  try {
    const directory = lifetime.own(await realpath(await mkdtemp(join(tmpdir(), 'vitrine-arena-'))), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    const repository = await makeRepository(join(directory, 'project'), files);
    const elsewhere = join(directory, 'elsewhere');
    await mkdir(elsewhere, { mode: 0o755 });
    const engine = await ground.start(lifetime);
    const companion = lifetime.own(await startCompanion({ env: { ...engine, ...env } }), (started) =>
      started.stop(),
    );
    return {
      ground,
      companion,
      repository,
      elsewhere,
      enter: (name, backend) => enter(companion, ground, { repository, directory }, name, backend),
      leave: () => lifetime.end(),
    };
  } catch (thrown) {
    await lifetime.end();
    throw thrown;
  }
}

async function enter(
  companion: Companion,
  { runtime }: Ground,
  { repository, directory }: { repository: string; directory: string },
  name: string,
  backend: BackendOptions = {},
): Promise<Attacker> {
  const worktree = join(directory, name, 'attempt');
  await git(repository, ['worktree', 'add', '--quiet', '-b', name, worktree, 'main']);
  // YAML has JSON inside it.
  const config = { isolation: { backend: { runtime, command: 'node hostile/main.js', ...backend } } };
  await writeFiles(worktree, { [CONFIG_PATH]: JSON.stringify(config) });
  const { environmentId } = await companion.create({ taskId: name, agentId: 'test', title: name, worktree });
  const { isolation } = await companion.running(environmentId);
  return new Attacker(companion, { id: environmentId, worktree, isolation });
}

async function makeRepository(path: string, files: Record<string, string>): Promise<string> {
  const pkg = { name: 'hostile', private: true, type: 'module', dependencies: { [SHARED_PACKAGE]: '1.0.0' } };
  await makeProject(path, {
    'package.json': JSON.stringify(pkg),
    '.gitignore': 'node_modules\nbusybox\n',
    ...files,
  });
  await cp(HOSTILE, join(path, 'hostile'), { recursive: true });
  await commitAll(path, 'Turn hostile');
  await writeFiles(join(path, 'node_modules', SHARED_PACKAGE), {
    'package.json': JSON.stringify({ name: SHARED_PACKAGE, version: '1.0.0', main: 'index.js' }),
    'index.js': 'module.exports = "padded";\n',
  });
  return path;
}

/** Tools for attacks that a sandbox may not have itself. */
export async function armWithBusybox({ worktree }: Attacker): Promise<void> {
  const busybox = await findProgram(['busybox']);
  if (!busybox) throw new Error('Expected busybox to be installed (Debian package busybox-static)');
  await copyFile(busybox, join(worktree, 'busybox'));
}

/** Writes a file of the machine that a sandbox must neither read nor change. */
export async function plantSecret(directory: string, secret: string): Promise<string> {
  const path = join(directory, 'host-secret.txt');
  await writeFile(path, secret, { mode: 0o644 });
  return path;
}
