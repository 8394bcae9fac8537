import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { Lifetime } from '../lifetime.ts';
import { makeProject } from '../project.ts';
import { startDockerDaemon } from '../setup/docker.ts';
import { PING_SERVER } from './pods.ts';

/** Milliseconds of one request; one number a round. */
export interface ResumeFigures {
  /** To a suspended environment: it is resumed and answers. */
  resumed: number[];
  /** To the same one just after: what the request costs itself. */
  running: number[];
}

/** A request that wakes a suspended environment, on a whole companion. */
export async function measureResume(runtime: 'process' | 'docker', rounds: number): Promise<ResumeFigures> {
  const lifetime = new Lifetime();
  try {
    const directory = lifetime.own(await mkdtemp(join(tmpdir(), 'vitrine-resume-')), (path) =>
      rm(path, { recursive: true, force: true, maxRetries: 5 }),
    );
    const docker =
      runtime === 'docker' ? lifetime.own(await startDockerDaemon(), (daemon) => daemon.stop()) : null;
    const env = docker ? { DOCKER_HOST: `unix://${docker.socketPath}` } : {};
    const companion = lifetime.own(await startCompanion({ env }), (started) => started.stop());
    const config = { isolation: { backend: { runtime, command: 'node server.cjs' } } };
    const worktree = await makeProject(join(directory, 'app'), {
      'server.cjs': PING_SERVER,
      [CONFIG_PATH]: JSON.stringify(config),
    });
    const { environmentId } = await companion.create({ taskId: 'resume', agentId: 'bench', worktree });
    await companion.running(environmentId);
    const figures: ResumeFigures = { resumed: [], running: [] };
    for (let round = 0; round <= rounds; round += 1) {
      await companion.suspend(environmentId);
      const resumed = await timeRequest(companion, environmentId);
      const running = await timeRequest(companion, environmentId);
      if (round === 0) continue; // code that runs for the first time
      figures.resumed.push(resumed);
      figures.running.push(running);
    }
    return figures;
  } finally {
    await lifetime.end();
  }
}

async function timeRequest(companion: Companion, id: string): Promise<number> {
  const start = performance.now();
  const { status, body } = await companion.request(id, { path: '/api/ping' });
  if (status !== 200) throw new Error(`Expected the environment to answer, got ${status} ${body}`);
  return performance.now() - start;
}
