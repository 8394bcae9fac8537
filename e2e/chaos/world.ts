import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { git } from '../../companion/demo/git.ts';
import { type Companion, startCompanion } from '../companion.ts';
import type { Lifetime } from '../lifetime.ts';
import { makeProject, writeFiles } from '../project.ts';
import { PrivateDocker } from './private-docker.ts';
import type { Random } from './random.ts';

/** Says whose it is, so that a request that went astray is seen. */
const SERVER = `
import { createServer } from 'node:http';
import { basename, dirname } from 'node:path';
createServer((request, response) => response.end(basename(dirname(process.cwd()))))
  .listen(Number(process.env.PORT), process.env.HOST);
`;

const FILES = {
  'package.json': JSON.stringify({ name: 'chaos', type: 'module' }),
  'index.html': '<!doctype html><title>Chaos</title><h1>Chaos</h1>',
  'server.js': SERVER,
  'template.sql': "CREATE TABLE notes (text text);\nINSERT INTO notes VALUES ('seeded');\n",
};

const KINDS = [
  { runtime: 'process', engine: 'sqlite' },
  { runtime: 'process', engine: 'sqlite' },
  { runtime: 'process', engine: 'postgres' },
  { runtime: 'docker', engine: 'sqlite' },
  { runtime: 'docker', engine: 'sqlite' },
  { runtime: 'docker', engine: 'postgres' },
] as const;

/** A worktree, and the environment it has now. */
export interface ChaosAttempt {
  readonly name: string;
  readonly worktree: string;
  readonly runtime: 'process' | 'docker';
  readonly engine: 'sqlite' | 'postgres';
  environmentId: string | undefined;
}

/** Everything that acts are done to. */
export interface World {
  readonly random: Random;
  readonly docker: PrivateDocker;
  readonly companion: Companion;
  readonly attempts: ChaosAttempt[];
  /** TMPDIR of the companion: what it leaves there is its own. */
  readonly temporary: string;
  /** Whether a restart of the companion is going on: its callers may find nobody. */
  isCompanionDown: boolean;
}

export async function makeWorld(lifetime: Lifetime, random: Random): Promise<World> {
  // Short, because sockets lie below it.
  const directory = lifetime.own(await realpath(await mkdtemp(join(tmpdir(), 'vc-'))), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  const temporary = join(directory, 'tmp');
  await mkdir(temporary);
  const repository = await makeProject(join(directory, 'project'), FILES);
  const attempts: ChaosAttempt[] = [];
  for (const [index, { runtime, engine }] of KINDS.entries()) {
    const name = `${runtime}-${engine}-${index}`;
    const worktree = join(directory, name, 'attempt');
    await git(repository, ['worktree', 'add', '--quiet', '-b', name, worktree, 'main']);
    const database = { engine, template: engine === 'postgres' ? { dump: 'template.sql' } : {} };
    const config = { isolation: { backend: { runtime, command: 'node server.js', database } } };
    await writeFiles(worktree, { [CONFIG_PATH]: JSON.stringify(config) });
    attempts.push({ name, worktree, runtime, engine, environmentId: undefined });
  }
  const docker = lifetime.own(await PrivateDocker.start(), (daemon) => daemon.remove());
  const env = { DOCKER_HOST: `unix://${docker.socketPath}`, TMPDIR: temporary };
  const companion = lifetime.own(await startCompanion({ env }), (started) => started.stop());
  return { random, docker, companion, attempts, temporary, isCompanionDown: false };
}
