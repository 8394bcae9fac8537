import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { CONFIG_PATH } from '#shared/config/environment-config.ts';
import { commitAll } from '../../companion/demo/git.ts';
import { type BoardStage, previewTwoTasks, setStage } from '../board/journey.ts';
import { type Companion, startCompanion } from '../companion.ts';
import { containersNaming } from '../leftovers.ts';
import { Lifetime } from '../lifetime.ts';
import { writeFiles } from '../project.ts';
import { makeSample } from '../sample.ts';
import { type DockerDaemon, startDockerDaemon } from '../setup/docker.ts';

const JOURNEY_DEADLINE_MS = 240_000;

const lifetime = new Lifetime();
let docker: DockerDaemon;
let companion: Companion;
let stage: BoardStage;

beforeAll(async () => {
  docker = lifetime.own(await startDockerDaemon(), (daemon) => daemon.stop());
  const { repository } = await makeSample(lifetime, { attempts: false });
  await writeFiles(repository, { [CONFIG_PATH]: 'isolation:\n  backend:\n    runtime: docker\n' });
  await commitAll(repository, 'Run the backend in Docker');
  const env = { DOCKER_HOST: `unix://${docker.socketPath}` };
  companion = lifetime.own(await startCompanion({ env }), (started) => started.stop());
  stage = await setStage(lifetime, companion, repository);
});

afterAll(() => lifetime.end());

test(
  'the backends of two cards run in containers, live and apart, and leave nothing',
  async () => {
    const { worktree } = stage.warm;
    const { environmentId } = await companion.create({
      taskId: stage.warm.taskId,
      agentId: 'test',
      board: { url: stage.board.url },
    });
    const { runtime, isolation } = await companion.running(environmentId);
    expect({ runtime, isolation: isolation.network }).toEqual({ runtime: 'docker', isolation: 'enforced' });
    expect(
      await containersNaming(join(companion.home, 'environments', environmentId), docker.socketPath),
    ).not.toEqual([]);
    expect(await containersNaming(worktree, docker.socketPath)).not.toEqual([]);
    await previewTwoTasks(stage, companion);
  },
  JOURNEY_DEADLINE_MS,
);
