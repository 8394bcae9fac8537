import { expect, test } from 'vitest';
import type { RuntimeName } from '#shared/identifiers.ts';
import { NO_ISOLATION } from './docker/engine-info.ts';
import { DockerRuntime } from './docker/runtime.ts';
import { ProcessRuntime } from './process/runtime.ts';
import type { Runtime, RuntimeProbe } from './runtime.ts';
import { selectRuntime } from './select.ts';

const stateDirectory = '/nonexistent';
const WORKS: RuntimeProbe = { available: true, detail: 'a test’s', isolation: NO_ISOLATION };
const runtimes = new Map<RuntimeName, Runtime>([
  ['process', new ProcessRuntime({ stateDirectory, sandbox: 'none' })],
  ['docker', new DockerRuntime({ stateDirectory, socketPath: '/nonexistent/docker.sock' })],
]);

const select = (preferred: 'auto' | RuntimeName, needsImages = false, among = runtimes) =>
  selectRuntime({ preferred, needsImages }, among);

test('auto is the embedded default', async () => {
  expect((await select('auto')).name).toBe('process');
  expect((await select('process')).name).toBe('process');
});

test('auto is the engine of containers for services with images, where there is one', async () => {
  const there: Runtime = { ...runtimes.get('process'), name: 'docker', probe: async () => WORKS } as Runtime; // nothing else of it is asked
  expect((await select('auto', true, new Map([...runtimes, ['docker', there]]))).name).toBe('docker');
  expect((await select('auto', true)).name).toBe('process');
});

test('one that does not work here is refused with the reason and what to do', async () => {
  const selecting = select('docker');
  await expect(selecting).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE', status: 422 });
  await expect(selecting).rejects.toThrow('/nonexistent/docker.sock');
});

test('one that does not exist is refused', async () => {
  await expect(select('swarm')).rejects.toMatchObject({ code: 'RUNTIME_UNAVAILABLE' });
});
