import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makePlace, type Place, podSpec, processesNaming } from '../pod-fixture.ts';
import { identify } from './identity.ts';
import { ProcessRuntime } from './runtime.ts';

const RUNTIME = pathToFileURL(join(import.meta.dirname, 'runtime.ts')).href;
/** Found in the environment of everything a pod runs. */
const leftovers = (place: Place) => processesNaming(place.dataDirectory);

/** A companion of its own process that has started a pod with a service. */
async function companionWithPod(place: Place, sandbox: 'auto' | 'none'): Promise<ChildProcess> {
  const program = `
    import { ProcessRuntime } from ${JSON.stringify(RUNTIME)};
    const runtime = new ProcessRuntime({ stateDirectory: ${JSON.stringify(join(place.base, 'state'))}, sandbox: '${sandbox}' });
    const pod = await runtime.createPod(${JSON.stringify(podSpec(place))}, AbortSignal.timeout(20000));
    await pod.startService({ name: 's', command: 'sleep 86398', cwd: ${JSON.stringify(place.worktree)}, env: {}, port: 3000, onOutput() {} }, AbortSignal.timeout(20000));
    setTimeout(() => console.log('up'), 100);
    setInterval(() => {}, 1e6);`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    await new ProcessRuntime({ stateDirectory: join(place.base, 'state') }).sweep();
  });
  await once(createInterface({ input: child.stdout }), 'line');
  return child;
}

test.each(['auto', 'none'] as const)(
  'a companion killed with SIGKILL leaves no process (sandbox: %s)',
  async (sandbox) => {
    const place = await makePlace();
    const companion = await companionWithPod(place, sandbox);
    expect(await leftovers(place)).not.toEqual([]);
    companion.kill('SIGKILL');
    await expect.poll(() => leftovers(place), { timeout: 5_000 }).toEqual([]);
  },
);

test('sweep ends what is left when the supervisor was killed as well', async () => {
  const place = await makePlace();
  const companion = await companionWithPod(place, 'none');
  const [record] = JSON.parse(await readFile(join(place.base, 'state', 'process-pods.json'), 'utf8'));
  process.kill(record.supervisor.pid, 'SIGKILL');
  companion.kill('SIGKILL');
  await expect.poll(() => identify(record.supervisor.pid)).toBeNull();
  expect(await leftovers(place)).not.toEqual([]);
  await new ProcessRuntime({ stateDirectory: join(place.base, 'state') }).sweep();
  expect(await leftovers(place)).toEqual([]);
});

test('sweep spares a process that only has a recorded id (attack 24)', async () => {
  const place = await makePlace();
  const bystander = spawn('sleep', ['86397']);
  onTestFinished(() => void bystander.kill('SIGKILL'));
  await once(bystander, 'spawn');
  const runtime = new ProcessRuntime({ stateDirectory: place.base });
  const supervisor = { pid: bystander.pid, startedAt: 'another-boot:123' };
  const record = { environmentId: 'e', supervisor, services: [supervisor], directories: ['/tmp', '/'] };
  await writeFile(join(place.base, 'process-pods.json'), JSON.stringify([record]));
  await runtime.sweep();
  expect(await identify(bystander.pid ?? 0)).not.toBeNull();
  expect(JSON.parse(await readFile(join(place.base, 'process-pods.json'), 'utf8'))).toEqual([]);
});

test('a registry that cannot be read counts as empty', async () => {
  const place = await makePlace();
  await writeFile(join(place.base, 'process-pods.json'), '{"not": "a list"');
  await new ProcessRuntime({ stateDirectory: place.base }).sweep();
});
