import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import type { StartStep } from '#shared/api/environment.ts';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { git } from '../../companion/demo/git.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';
import { startDockerDaemon } from '../setup/docker.ts';
import { waitUntil } from '../wait-until.ts';
import { PING_SERVER, startBareContainer, untilAnswer } from './pods.ts';

/** How many bare containers are started at a time: more makes each slower and all no sooner. */
const BARE_TOGETHER = 4;
const READY_DEADLINE_MS = 180_000;
const LOOK_EVERY_MS = 250;

export interface FleetFigures {
  environments: number;
  /** Milliseconds until all were ready: through the companion, and bare. */
  oursMs: number;
  bareMs: number;
  /** Milliseconds until each environment was ready, since all were asked for. */
  readyMs: number[];
  /** How many answered 200 afterwards. */
  answering: number;
  /** Milliseconds that each step of a start took, waiting included; one number an environment. */
  steps: Partial<Record<StartStep['name'], number[]>>;
}

/** Many environments asked for at once, beside as many bare containers a few at a time. */
export async function measureFleet(environments = 50): Promise<FleetFigures> {
  const lifetime = new Lifetime();
  try {
    const directory = lifetime.own(await realpath(await mkdtemp(join(tmpdir(), 'vitrine-fleet-'))), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    const { socketPath } = lifetime.own(await startDockerDaemon(), (daemon) => daemon.stop());
    const companion = lifetime.own(
      await startCompanion({ env: { DOCKER_HOST: `unix://${socketPath}` } }),
      (started) => started.stop(),
    );
    const [first = '', ...worktrees] = await makeWorktrees(directory, environments + 1);
    // The image, the programs and the connection are there before: what is measured is fifty starts.
    const warmUp = await companion.create({ taskId: 'first', agentId: 'bench', worktree: first });
    await companion.running(warmUp.environmentId);
    await companion.terminate(warmUp.environmentId);
    const ours = await startAll(companion, worktrees);
    for (const id of ours.ids) await companion.terminate(id);
    await companion.hasNothingLeft();
    const bareMs = await startBare(new Docker({ socketPath }), join(directory, 'bare'), environments);
    const { ids: _ids, ...figures } = ours;
    return { environments, bareMs, ...figures };
  } finally {
    await lifetime.end();
  }
}

async function makeWorktrees(directory: string, count: number): Promise<string[]> {
  const backend = { runtime: 'docker', command: 'node server.cjs', max_instances: 500 };
  const repository = await makeProject(join(directory, 'project'), {
    'server.cjs': PING_SERVER,
    [CONFIG_PATH]: JSON.stringify({ isolation: { backend } }),
  });
  const worktrees = Array.from({ length: count }, (_each, index) =>
    join(directory, `attempt-${index}`, 'app'),
  );
  for (const [index, worktree] of worktrees.entries())
    await git(repository, ['worktree', 'add', '--quiet', '-b', `attempt-${index}`, worktree, 'main']);
  return worktrees;
}

async function startAll(companion: Companion, worktrees: string[]) {
  const start = performance.now();
  const created = await Promise.all(
    worktrees.map((worktree, index) =>
      companion.create({ taskId: `task-${index}`, agentId: 'bench', title: `Task ${index}`, worktree }),
    ),
  );
  const ids = created.map(({ environmentId }) => environmentId);
  const readyMs: number[] = [];
  const seen = new Set<string>();
  const steps: FleetFigures['steps'] = {};
  // One call for all of them: fifty that poll would be a load of their own.
  await waitUntil(
    async () => {
      for (const { id, status, failure, steps: taken } of await companion.environments()) {
        if (status === 'failed') throw new Error(`${id}: ${failure?.message}`);
        if (status !== 'running' || seen.has(id)) continue;
        seen.add(id);
        readyMs.push(performance.now() - start);
        for (const { name, durationMs = 0 } of taken) steps[name] = [...(steps[name] ?? []), durationMs];
      }
      return seen.size === ids.length;
    },
    { what: 'all environments to run', deadlineMs: READY_DEADLINE_MS, intervalMs: LOOK_EVERY_MS },
  );
  const oursMs = performance.now() - start;
  const answers = await Promise.all(ids.map((id) => companion.request(id, { path: '/api/ping' })));
  const answering = answers.filter(({ status, body }) => status === 200 && body === 'pong').length;
  return { ids, oursMs, readyMs, steps, answering };
}

async function startBare(docker: Docker, directory: string, count: number): Promise<number> {
  await mkdir(directory);
  const containers: Docker.Container[] = [];
  const names = Array.from({ length: count }, (_each, index) => join(directory, String(index)));
  const start = performance.now();
  const next = async (): Promise<void> => {
    const place = names.shift();
    if (!place) return;
    containers.push(await startBareContainer(docker, place));
    await untilAnswer({ socketPath: join(place, 'app/http.sock') });
    await next();
  };
  try {
    await Promise.all(Array.from({ length: BARE_TOGETHER }, next));
    return performance.now() - start;
  } finally {
    await Promise.all(containers.map((container) => container.remove({ force: true })));
  }
}
