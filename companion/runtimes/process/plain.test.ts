import { readdirSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { connectWhenUp, get, makePlace, makePod, podSpec, start, writeServer } from '../pod-fixture.ts';
import { ProcessRuntime } from './runtime.ts';

/** Without bubblewrap: the same pods, honest about what they do not isolate. */

async function plainPod() {
  const place = await makePlace();
  const runtime = new ProcessRuntime({ stateDirectory: join(place.base, 'state'), sandbox: 'none' });
  return { place, runtime, pod: await makePod(runtime, podSpec(place)) };
}

test('it says that nothing is kept apart', async () => {
  const { runtime, pod } = await plainPod();
  expect(pod.isolation).toMatchObject({ network: 'none', files: 'none', processes: 'none' });
  expect((await runtime.probe()).isolation.network).toBe('none');
});

test('two services that both want port 3000 get two free ports', async () => {
  const { place, pod } = await plainPod();
  const command = await writeServer(place, 'process.env.PORT');
  const services = await Promise.all([
    start(pod, { command, cwd: place.worktree }),
    start(pod, { command, cwd: place.worktree }),
  ]);
  const ports = services.map(({ port }) => port);
  expect(new Set(ports).size).toBe(2);
  for (const port of ports) expect(await get(pod, port)).toBe(String(port));
});

test('a port that somebody else was faster to take is replaced without anyone noticing', async () => {
  const { place, pod } = await plainPod();
  const code = `const port = Number(process.env.PORT), fs = require('fs');
    if (!fs.existsSync('tried')) { fs.writeFileSync('tried', ''); console.error('Error: listen EADDRINUSE: address already in use 127.0.0.1:' + port); process.exit(1); }
    require('http').createServer((q, r) => r.end('up')).listen(port, '127.0.0.1');`;
  await writeFile(join(place.worktree, 's.cjs'), code);
  const service = await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
  expect(await get(pod, service.port)).toBe('up');
  await service.stop();
  expect(await service.exited).toMatchObject({ signal: 'SIGTERM' });
});

test('the environment is the service’s own here too', async () => {
  process.env.VITRINE_TEST_TOKEN = 'companion-token';
  onTestFinished(() => void delete process.env.VITRINE_TEST_TOKEN);
  const { place, pod } = await plainPod();
  const service = await start(pod, { command: 'env; cat /proc/$PPID/environ', cwd: place.worktree });
  await service.exited;
  expect(service.lines.join('\n')).not.toContain('companion-token');
  expect(service.lines).toContain(`TMPDIR=${join(place.dataDirectory, 'tmp')}`);
});

test('stop ends children that left the process group, destroy ends all', async () => {
  const { place, pod } = await plainPod();
  const grandchild = `require('child_process').spawn('sleep', ['86399'], { detached: true, stdio: 'ignore' }).unref(); setInterval(() => {}, 1e6);`;
  await writeFile(join(place.worktree, 's.cjs'), grandchild);
  const sleepers = () => processesWith('86399', place.dataDirectory);
  const first = await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
  await expect.poll(sleepers).toHaveLength(1);
  await first.stop();
  expect(sleepers()).toEqual([]);
  await start(pod, { command: ['node', 's.cjs'], cwd: place.worktree });
  await expect.poll(sleepers).toHaveLength(1);
  await pod.destroy();
  await expect.poll(sleepers).toEqual([]);
});

test('a port is not given to a service while something listens there', async () => {
  const { takeFreePort, returnPort } = await import('./free-port.ts');
  const port = await takeFreePort();
  const server = createServer().listen(port, '127.0.0.1');
  onTestFinished(() => void server.close());
  returnPort(port);
  const ports = await Promise.all(Array.from({ length: 20 }, () => takeFreePort()));
  expect(new Set(ports).size).toBe(20);
  expect(ports).not.toContain(port);
  for (const taken of ports) returnPort(taken);
});

test('suspend and resume reach services without a process namespace', async () => {
  const { place, pod } = await plainPod();
  const service = await start(pod, { command: await writeServer(place, `'awake'`), cwd: place.worktree });
  (await connectWhenUp(pod, service.port)).destroy();
  await pod.suspend();
  const answer = get(pod, service.port);
  await pod.resume();
  expect(await answer).toBe('awake');
});

/** Ids of processes with this argument whose environment names this directory. */
function processesWith(argument: string, directory: string): string[] {
  const { readFileSync } = process.getBuiltinModule('node:fs');
  return readdirSync('/proc').filter((pid) => {
    try {
      const isIt = readFileSync(`/proc/${pid}/cmdline`, 'latin1').includes(argument);
      return /^\d+$/.test(pid) && isIt && readFileSync(`/proc/${pid}/environ`, 'latin1').includes(directory);
    } catch {
      return false;
    }
  });
}
