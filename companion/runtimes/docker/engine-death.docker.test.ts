import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest';
import { type OwnDockerDaemon, startOwnDockerDaemon } from '../../../e2e/setup/docker.ts';
import { get, makePlace, makePod, podSpec, start, writeServer } from '../pod-fixture.ts';
import { HOME_LABEL } from './labels.ts';
import { DockerRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
let daemon: OwnDockerDaemon;
let docker: Docker;
let runtime: DockerRuntime;
const rejections: unknown[] = [];
const onRejection = (reason: unknown) => rejections.push(reason);

beforeAll(async () => {
  process.on('unhandledRejection', onRejection);
  daemon = await startOwnDockerDaemon();
  docker = new Docker({ socketPath: daemon.socketPath });
  runtime = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath });
});

afterAll(async () => {
  process.off('unhandledRejection', onRejection);
  await daemon?.stop();
  rmSync(state, { recursive: true, force: true });
});

async function things(): Promise<string[]> {
  const filters = JSON.stringify({ label: [HOME_LABEL] });
  const [containers, volumes] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listVolumes({ filters }),
  ]);
  return [...containers.map(({ Id }) => Id), ...(volumes.Volumes ?? []).map(({ Name }) => Name)];
}

test.each(['socket', 'door'] as const)(
  'when the engine is killed, pods entered by %s are gone at once, and it is swept when it is back',
  async (entrance) => {
    const runtime = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath, entrance });
    const place = await makePlace();
    const pod = await runtime.createPod(
      {
        ...podSpec(place),
        outlets: [{ name: 'egress', port: 3128, accept: (connection) => connection.end() }],
      },
      AbortSignal.timeout(30_000),
    );
    const command = await writeServer(place, `'up'`);
    const services = [
      await start(pod, { command, cwd: place.worktree }),
      await start(pod, { name: 'second', command: 'sleep 1000', cwd: place.worktree, port: 3001 }),
    ];
    await pod.warm(undefined, AbortSignal.timeout(10_000));
    expect(await get(pod, 3000)).toBe('up');

    await daemon.kill();
    const killedAt = performance.now();
    await pod.gone;
    const exits = await Promise.all(services.map(({ exited }) => exited));
    expect(performance.now() - killedAt).toBeLessThan(5_000);
    expect(exits).toEqual(Array(2).fill({ code: null, signal: 'SIGKILL', outOfMemory: false }));
    await expect(pod.connect(3000)).rejects.toMatchObject({ code: 'POD_UNREACHABLE' });
    await expect(start(pod, { command: 'true', cwd: place.worktree })).rejects.toMatchObject({
      code: 'POD_GONE',
    });
    await pod.suspend().catch(() => {});
    await pod.destroy();
    expect(await runtime.probe()).toMatchObject({ available: false });
    await runtime.sweep();
    await expect(makePod(runtime, podSpec(place))).rejects.toMatchObject({ code: 'DOCKER_UNREACHABLE' });

    await daemon.restart();
    expect(await things()).not.toEqual([]);
    await runtime.sweep();
    expect(await things()).toEqual([]);
    const again = await makePod(runtime, podSpec(place));
    await start(again, { command, cwd: place.worktree });
    expect(await get(again, 3000)).toBe('up');
    expect(rejections).toEqual([]);
  },
);

test('a new pod of an environment removes what its last one left, paused or not, and no other', async () => {
  const [mine, others] = await Promise.all([makePlace(), makePlace()]);
  const spec = { ...podSpec(mine), environmentId: 'mine' };
  // As a companion that was killed leaves them.
  const dead = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath });
  const left = await dead.createPod(spec, AbortSignal.timeout(30_000));
  await start(left, { command: 'sleep 1000', cwd: mine.worktree });
  await left.suspend();
  const other = await dead.createPod(
    { ...podSpec(others), environmentId: 'other' },
    AbortSignal.timeout(30_000),
  );
  onTestFinished(() => other.destroy());
  await makePod(runtime, spec);
  await left.gone;
  const labels = (await docker.listContainers({ all: true })).map(
    ({ Labels }) => Labels['com.vitrine.environment'],
  );
  expect(labels.sort()).toEqual(['mine', 'other']);
});

test('sweeping again leaves the pods that are alive', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  const service = await start(pod, { command: await writeServer(place, `'alive'`), cwd: place.worktree });
  await runtime.sweep();
  expect(await get(pod, service.port)).toBe('alive');
});
