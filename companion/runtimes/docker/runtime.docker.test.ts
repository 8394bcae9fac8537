import { mkdtempSync, rmSync } from 'node:fs';
import { mkdir, readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type DockerDaemon, startDockerDaemon } from '../../../e2e/setup/docker.ts';
import { describeIsolation } from '../isolation-suite.ts';
import { describeLife } from '../life-suite.ts';
import { describeLimits } from '../limit-suite.ts';
import { describeOutlets } from '../outlet-suite.ts';
import { makePlace, makePod, podSpec, run, start } from '../pod-fixture.ts';
import { HOME_LABEL, homeLabelValue } from './labels.ts';
import { LOCAL_NODE_IMAGE } from './node-image.ts';
import { DockerRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
let daemon: DockerDaemon;
let docker: Docker;
let runtime: DockerRuntime;

beforeAll(async () => {
  daemon = await startDockerDaemon();
  docker = new Docker({ socketPath: daemon.socketPath });
  runtime = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath });
});

afterAll(async () => {
  await daemon?.stop();
  rmSync(state, { recursive: true, force: true });
});

/** Others may use the same engine. */
const ofHome = (directory: string) =>
  docker.listContainers({
    all: true,
    filters: { label: [`${HOME_LABEL}=${homeLabelValue(directory)}`] },
  });
const ours = () => ofHome(state);

describeLife(() => runtime);
describeOutlets(() => runtime);
describeLimits(() => runtime);
describeIsolation(() => runtime);

describe('containers', () => {
  test('the probe names the engine and what it enforces', async () => {
    const { available, detail, isolation } = await runtime.probe();
    expect(available).toBe(true);
    expect(detail).toMatch(/^Docker \d/);
    expect(isolation).toMatchObject({
      network: 'enforced',
      files: 'enforced',
      processes: 'enforced',
      disk: 'watched',
    });
  });

  test('services of the default image share the pod’s container, and nothing is left when that was removed by hand', async () => {
    const place = await makePlace();
    const pod = await makePod(runtime, podSpec(place));
    const service = await start(pod, { command: 'sleep 1000', cwd: place.worktree });
    const containers = await ours();
    expect(containers).toHaveLength(1);
    await docker.getContainer(containers[0]?.Id ?? '').remove({ force: true });
    await pod.gone;
    await service.exited;
    expect(await ours()).toEqual([]);
  });

  test('sweep removes what an earlier companion on this state directory left, and nothing else', async () => {
    const other = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
    const neighbour = new DockerRuntime({ stateDirectory: other, socketPath: daemon.socketPath });
    const [mine, theirs] = await Promise.all([makePlace(), makePlace()]);
    const pod = await makePod(runtime, podSpec(mine));
    await makePod(neighbour, podSpec(theirs));
    await start(pod, { command: 'sleep 1000', cwd: mine.worktree });
    await new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath }).sweep();
    await pod.gone;
    expect(await ours()).toEqual([]);
    expect(await ofHome(other)).toHaveLength(1);
    rmSync(other, { recursive: true, force: true });
  });

  test('an image that cannot be had is refused with what to do', async () => {
    const place = await makePlace();
    const pod = await makePod(runtime, podSpec(place));
    const starting = start(pod, {
      command: 'true',
      cwd: place.worktree,
      image: { name: 'vitrine.invalid/none:1' },
    });
    await expect(starting).rejects.toMatchObject({ code: 'IMAGE_UNAVAILABLE' });
  });

  test('the image made from the local Node has a shell, npm and a name for any user', async ({ skip }) => {
    const images = await docker.listImages({ filters: { reference: [LOCAL_NODE_IMAGE] } });
    if (images.length === 0) skip('this engine has node:24-slim');
    const place = await makePlace();
    const pod = await makePod(runtime, podSpec(place));
    const seen = await run(pod, place.worktree, 'node --version; npm --version; node -p "os.userInfo().uid"');
    expect(seen).toMatch(/^v\d+\.\d+\.\d+\n\d+\.\d+\.\d+\n\d+$/);
  });

  test('what a companion left that ended while it made an image goes with the next, no image in the making does', async () => {
    const { worktree } = await makePlace();
    const left = join(worktree, 'image-left');
    await mkdir(join(left, 'usr'), { recursive: true });
    const next = new DockerRuntime({ stateDirectory: worktree, socketPath: '/nonexistent/docker.sock' });
    await next.sweep();
    expect(await readdir(worktree)).not.toContain('image-left');
    await mkdir(left);
    await next.sweep();
    expect(await readdir(worktree)).toContain('image-left');
  });

  test('an engine that is not there is unavailable, and says why', async () => {
    const nowhere = new DockerRuntime({ stateDirectory: state, socketPath: '/nonexistent/docker.sock' });
    expect(await nowhere.probe()).toMatchObject({
      available: false,
      detail: expect.stringContaining('ENOENT'),
    });
    await nowhere.sweep();
  });
});
