import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { readdir, readFile, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { makePlace, type Place, podSpec, processesNaming } from '../pod-fixture.ts';
import { findHierarchies } from './cgroup/hierarchies.ts';
import { identify } from './identity.ts';
import { ProcessRuntime } from './runtime.ts';

/** Moments in the making of a pod: one of a hundred is within bubblewrap's own preparations. */
const MOMENTS = 200;
const RUNTIME = pathToFileURL(join(import.meta.dirname, 'runtime.ts')).href;
/** Found in the environment of everything a pod runs. */
const leftovers = (place: Place) => processesNaming(place.dataDirectory);

function companionProgram(place: Place, sandbox: 'auto' | 'none', beforehand = ''): string {
  const spec = { ...podSpec(place), outlets: [{ name: 'egress', port: 3128 }] };
  return `
    import { ProcessRuntime } from ${JSON.stringify(RUNTIME)};
    const runtime = new ProcessRuntime({ stateDirectory: ${JSON.stringify(join(place.base, 'state'))}, sandbox: '${sandbox}' });
    await runtime.probe();
    ${beforehand}
    const pod = await runtime.createPod(${JSON.stringify(spec)}, AbortSignal.timeout(20000));
    await pod.startService({ name: 's', command: 'sleep 86398', cwd: ${JSON.stringify(place.worktree)}, env: {}, port: 3000, onOutput() {} }, AbortSignal.timeout(20000));
    setTimeout(() => console.log('up'), 100);
    setInterval(() => {}, 1e6);`;
}

/** A companion of its own process that has started a pod with a service. */
async function companionWithPod(place: Place, sandbox: 'auto' | 'none'): Promise<ChildProcess> {
  const program = companionProgram(place, sandbox);
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
  expect(await stat(place.runDirectory).catch(() => null)).toBeNull();
});

test.runIf(process.getuid?.() === 0)(
  'sweep removes the groups and sockets of a companion that was killed',
  async () => {
    const place = await makePlace();
    const { parents } = await findHierarchies();
    const groups = async () => {
      const names = await Promise.all([...new Set(Object.values(parents))].map((path) => readdir(path)));
      const prefix = createHash('sha256').update(join(place.base, 'state')).digest('hex').slice(0, 12);
      return names.flat().filter((name) => name.startsWith(prefix));
    };
    const companion = await companionWithPod(place, 'auto');
    expect(await groups()).toHaveLength(new Set(Object.values(parents)).size);
    companion.kill('SIGKILL');
    await expect.poll(() => leftovers(place), { timeout: 5_000 }).toEqual([]);
    await new ProcessRuntime({ stateDirectory: join(place.base, 'state') }).sweep();
    expect(await groups()).toEqual([]);
    expect(await stat(place.runDirectory).catch(() => null)).toBeNull();
  },
);

test.each([0, 10, 20, 30, 45, 60, 90])(
  'a companion killed %i ms into making a pod leaves nothing that sweep does not end',
  async (afterMs) => {
    const place = await makePlace();
    const program = companionProgram(
      place,
      'auto',
      `setTimeout(() => process.kill(process.pid, 'SIGKILL'), ${afterMs});`,
    );
    const companion = spawn(process.execPath, ['--input-type=module', '-e', program], { stdio: 'ignore' });
    await once(companion, 'exit');
    await new ProcessRuntime({ stateDirectory: join(place.base, 'state') }).sweep();
    await expect.poll(() => processesNaming(place.base), { timeout: 5_000 }).toEqual([]);
  },
);

test('a pod that is not wanted any more while it is made ends whole, at whatever moment', async () => {
  const place = await makePlace();
  const runtime = new ProcessRuntime({ stateDirectory: join(place.base, 'state') });
  await runtime.prepare();
  const startedAt = performance.now();
  await (await runtime.createPod(podSpec(place), AbortSignal.timeout(10_000))).destroy();
  const wholeMs = performance.now() - startedAt;
  for (let attempt = 0; attempt < MOMENTS; attempt++) {
    const making = runtime.createPod(
      podSpec(place),
      AbortSignal.timeout(Math.round((wholeMs * attempt) / MOMENTS)),
    );
    await making.then(
      (pod) => pod.destroy(),
      () => undefined,
    );
  }
  expect(await leftovers(place)).toEqual([]);
}, 60_000);

test('sweep ends what bubblewrap left that was killed while it made a sandbox, and spares a later group', async () => {
  const place = await makePlace();
  const shell = spawn('sh', ['-c', 'sleep 86396 & echo $!; read line'], {
    detached: true,
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const [line] = await once(createInterface({ input: shell.stdout }), 'line');
  const orphan = Number(line);
  onTestFinished(async () => {
    if (await identify(orphan)) process.kill(orphan, 'SIGKILL');
  });
  const leader = await identify(shell.pid ?? 0);
  shell.stdin.end();
  await once(shell, 'exit');
  const [boot, ticks] = leader?.startedAt.split(':') ?? [];
  const sweep = async (startedAt: string) => {
    const record = { environmentId: 'e', supervisor: { pid: leader?.pid, startedAt } };
    await writeFile(join(place.base, 'process-pods.json'), JSON.stringify([record]));
    await new ProcessRuntime({ stateDirectory: place.base }).sweep();
  };
  await sweep(`${boot}:${Number(ticks) - 100_000}`);
  expect(await identify(orphan)).not.toBeNull();
  await sweep(`${boot}:${ticks}`);
  expect(await identify(orphan)).toBeNull();
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
