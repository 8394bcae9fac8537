import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DockerDaemon } from '../../../e2e/setup/docker.ts';
import { startPodmanService } from '../../../e2e/setup/podman.ts';
import { describeIsolation } from '../isolation-suite.ts';
import { describeLife } from '../life-suite.ts';
import { describeLimits } from '../limit-suite.ts';
import { describeOutlets } from '../outlet-suite.ts';
import { DockerRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
let service: DockerDaemon;
let runtime: DockerRuntime;

beforeAll(async () => {
  service = await startPodmanService();
  runtime = new DockerRuntime({ stateDirectory: state, socketPath: service.socketPath });
});

afterAll(async () => {
  await service?.stop();
  rmSync(state, { recursive: true, force: true });
});

test('the probe names it', async () => {
  expect(await runtime.probe()).toMatchObject({
    available: true,
    detail: expect.stringMatching(/^Podman \d/),
  });
});

describeLife(() => runtime);
describeOutlets(() => runtime);
describeLimits(() => runtime);
describeIsolation(() => runtime);
