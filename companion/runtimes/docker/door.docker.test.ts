import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, expect } from 'vitest';
import { type DockerDaemon, startOwnDockerDaemon } from '../../../e2e/setup/docker.ts';
import { describeIsolation } from '../isolation-suite.ts';
import { describeLife } from '../life-suite.ts';
import { describeLimits } from '../limit-suite.ts';
import { describeOutlets } from '../outlet-suite.ts';
import { DockerRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
let daemon: DockerDaemon;
let docker: Docker;
let runtime: DockerRuntime;

beforeAll(async () => {
  daemon = await startOwnDockerDaemon();
  docker = new Docker({ socketPath: daemon.socketPath });
  runtime = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath, entrance: 'door' });
});

afterAll(async () => {
  await daemon?.stop();
  rmSync(state, { recursive: true, force: true });
});

describeLife(() => runtime);
describeOutlets(() => runtime);
describeLimits(() => runtime);
describeIsolation(
  () => runtime,
  async () => {
    const doors = (await docker.listContainers()).filter(({ Names }) => Names[0]?.endsWith('-door'));
    const ports = doors.flatMap(({ Ports }) => Ports.map(({ PublicPort }) => PublicPort));
    expect(ports).toHaveLength(1);
    return { port: ports[0] ?? 0 };
  },
);
