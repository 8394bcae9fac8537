import { expect, test } from 'vitest';
import type { RuntimeName } from '#shared/identifiers.ts';
import { DockerRuntime } from './docker/runtime.ts';
import { ProcessRuntime } from './process/runtime.ts';
import type { Runtime } from './runtime.ts';
import { selectRuntime } from './select.ts';

const stateDirectory = '/nonexistent';
const runtimes = new Map<RuntimeName, Runtime>([
  ['process', new ProcessRuntime({ stateDirectory, sandbox: 'none' })],
  ['docker', new DockerRuntime({ stateDirectory, socketPath: '/nonexistent/docker.sock' })],
]);

test('auto is the embedded default', async () => {
  expect((await selectRuntime('auto', runtimes)).name).toBe('process');
  expect((await selectRuntime('process', runtimes)).name).toBe('process');
});

test('one that does not work here is refused with the reason and what to do', async () => {
  const selecting = selectRuntime('docker', runtimes);
  await expect(selecting).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE', status: 422 });
  await expect(selecting).rejects.toThrow('/nonexistent/docker.sock');
});

test('one that does not exist is refused', async () => {
  await expect(selectRuntime('swarm', runtimes)).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
});
