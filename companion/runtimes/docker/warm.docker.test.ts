import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Docker from 'dockerode';
import { afterAll, beforeAll, beforeEach, expect, onTestFinished, test } from 'vitest';
import { type DockerDaemon, startDockerDaemon } from '../../../e2e/setup/docker.ts';
import { get, makePlace, makePod, podSpec, start, writeServer } from '../pod-fixture.ts';
import type { Pod } from '../runtime.ts';
import { HOME_LABEL, homeLabelValue } from './labels.ts';
import { DockerRuntime } from './runtime.ts';

const state = mkdtempSync(join(tmpdir(), 'vitrine-state-'));
let daemon: DockerDaemon;
let docker: Docker;
let runtime: DockerRuntime;
/** An image of its own, as far as the pod knows: services of the default one need no container that waits. */
let image: { name: string } | undefined;

beforeAll(async () => {
  daemon = await startDockerDaemon();
  docker = new Docker({ socketPath: daemon.socketPath });
  runtime = new DockerRuntime({ stateDirectory: state, socketPath: daemon.socketPath });
});

beforeEach(async () => {
  if (image) return;
  await makePod(runtime, podSpec(await makePlace()));
  image = { name: (await containers())[0]?.Image ?? '' };
});

afterAll(async () => {
  await daemon?.stop();
  rmSync(state, { recursive: true, force: true });
});

const containers = () =>
  docker.listContainers({ all: true, filters: { label: [`${HOME_LABEL}=${homeLabelValue(state)}`] } });
const warm = (pod: Pod) => pod.warm(image, AbortSignal.timeout(30_000));

/** All that a program sees of how it was started, a line for each thing. */
const SELF = `const fs = require('fs'); const status = fs.readFileSync('/proc/self/status', 'utf8');
  const told = { cwd: process.cwd(), args: process.argv.slice(1), uid: process.getuid(), gid: process.getgid(), groups: process.getgroups(),
    parent: process.ppid, umask: process.umask(), stdin: fs.readlinkSync('/proc/self/fd/0'), signals: status.match(/Sig(?:Blk|Ign):.*/g),
    capabilities: status.match(/Cap.*/g), limits: fs.readFileSync('/proc/self/limits', 'utf8'), descriptors: fs.readdirSync('/proc/self/fd').length };
  for (const [name, value] of Object.entries(process.env)) console.log('env', name, value.length, JSON.stringify(value));
  for (const [name, value] of Object.entries(told)) console.log(name, JSON.stringify(value));`;

test('a service is the same whether its container waited for it or not', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  const env = {
    PLAIN: 'value',
    EMPTY: '',
    QUOTES: `it's "so" \\ \`x\` $HOME $(id)`,
    LINES: 'one\ntwo\n',
    STAR: '* ? [a] ; & | > <',
    UMLAUT: 'ä€😀',
    LONG: 'x'.repeat(100_000),
  };
  const spec = {
    command: ['node', '-e', SELF, '--', "a'b", '$c', '', 'd e'],
    cwd: place.worktree,
    env,
    image,
  };
  const seen: string[][] = [];
  for (const isWarm of [false, true]) {
    if (isWarm) await warm(pod);
    const before = (await containers()).length;
    const lines: string[] = [];
    const service = await start(pod, { ...spec, onOutput: (line) => lines.push(line) });
    if (isWarm) expect((await containers()).length).toBeLessThanOrEqual(before);
    expect(await service.exited).toEqual({ code: 0, signal: null, outOfMemory: false });
    seen.push(lines);
  }
  expect(seen[1]).toEqual(seen[0]);
  expect(seen[0]).toContainEqual('stdin "/dev/null"');
  expect(seen[0]).toContainEqual(expect.stringMatching(/^env LONG 100000 /));
});

test('every value arrives as it was given', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  await warm(pod);
  const env = { QUOTES: `it's "so" \\ \`x\` $HOME $(id)`, LINES: 'one\ntwo\n', EMPTY: '', STAR: '* ;&|><' };
  const service = await start(pod, {
    command: ['node', '-e', SELF, '--', "a'b", ''],
    cwd: place.worktree,
    env,
    image,
  });
  await service.exited;
  for (const [name, value] of Object.entries(env)) {
    expect(service.lines).toContain(`env ${name} ${value.length} ${JSON.stringify(value)}`);
  }
  expect(service.lines).toContain(`args ${JSON.stringify(["a'b", ''])}`);
  expect(service.lines).toContain(`cwd ${JSON.stringify(place.worktree)}`);
});

test('signals and exit codes are those of the service', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  await warm(pod);
  const failing = await start(pod, { command: 'exit 9', cwd: place.worktree, image });
  expect(await failing.exited).toMatchObject({ code: 9, signal: null });
  await warm(pod);
  const patient = `process.on('SIGTERM', () => process.exit(5)); console.log('up'); setInterval(() => {}, 1e6);`;
  const service = await start(pod, { command: ['node', '-e', patient], cwd: place.worktree, image });
  await expect.poll(() => service.lines, { timeout: 10_000 }).toContain('up');
  await service.stop();
  expect(await service.exited).toMatchObject({ code: 5 });
  await warm(pod);
  const missing = await start(pod, { command: ['no-such-program'], cwd: place.worktree, image });
  expect(await missing.exited).toMatchObject({ code: 127 });
});

test('nothing of a service’s environment is in what the engine shows of its container', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  for (const isWarm of [true, false]) {
    if (isWarm) await warm(pod);
    const env = { DATABASE_URL: 'postgres://role:secret-password@127.0.0.1/db' };
    await start(pod, { command: 'sleep 1000', cwd: place.worktree, env, image });
  }
  for (const { Id } of await containers()) {
    expect(JSON.stringify(await docker.getContainer(Id).inspect())).not.toContain('secret-password');
  }
});

test('one that waits is used once, only for its image, suspended with its pod, and gone with it', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  await warm(pod);
  await warm(pod);
  expect(await containers()).toHaveLength(2);
  const other = await start(pod, { command: 'sleep 1000', cwd: place.worktree });
  expect(await containers()).toHaveLength(2);
  await pod.suspend();
  const blank = (await containers()).find(({ Names }) => Names[0]?.includes('blank'));
  expect(blank?.State).toBe('paused');
  await pod.resume();
  await other.stop();
  const service = await start(pod, { command: await writeServer(place, `'up'`), cwd: place.worktree, image });
  expect(await containers()).toHaveLength(2);
  expect(await get(pod, service.port)).toBe('up');
  await pod.destroy();
  expect(await containers()).toEqual([]);
});

test('one that ended while it waited is not used', async () => {
  const place = await makePlace();
  const pod = await makePod(runtime, podSpec(place));
  await warm(pod);
  const blank = (await containers()).find(({ Names }) => Names[0]?.includes('blank'));
  await docker.getContainer(blank?.Id ?? '').kill();
  await expect.poll(async () => (await containers()).length).toBe(1);
  const service = await start(pod, { command: 'echo fine', cwd: place.worktree, image });
  await service.exited;
  expect(service.lines).toEqual(['fine']);
});

test('no connection to the engine is left open', async () => {
  const place = await makePlace();
  // Those that are kept for the next call are closed some seconds later.
  const connections = () => process.getActiveResourcesInfo().filter((name) => name === 'PipeWrap').length;
  await expect.poll(connections, { timeout: 20_000 }).toBeLessThan(6);
  const before = connections();
  const pod = await makePod(runtime, podSpec(place));
  for (let round = 0; round < 4; round += 1) {
    await warm(pod);
    await (await start(pod, { command: 'echo fine', cwd: place.worktree })).exited;
  }
  await start(pod, { command: 'sleep 1000', cwd: place.worktree, image });
  await pod.destroy();
  await expect.poll(connections, { timeout: 20_000 }).toBeLessThanOrEqual(before);
}, 60_000);

test('a companion that is killed takes its waiting containers with it', async () => {
  const place = await makePlace();
  const runtimeFile = new URL('./runtime.ts', import.meta.url).href;
  const program = `const { DockerRuntime } = await import(${JSON.stringify(runtimeFile)});
    const runtime = new DockerRuntime(${JSON.stringify({ stateDirectory: state, socketPath: daemon.socketPath })});
    const pod = await runtime.createPod(${JSON.stringify({ ...podSpec(place), environmentId: 'killed' })}, AbortSignal.timeout(30000));
    await pod.warm(${JSON.stringify(image)}, AbortSignal.timeout(30000));
    console.log('warm'); setInterval(() => {}, 1e6);`;
  const companion = spawn(process.execPath, ['--input-type=module', '-e', program], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    companion.kill('SIGKILL');
    await runtime.sweep();
  });
  await once(companion.stdout, 'data');
  const blank = (await containers()).find(({ Names }) => Names[0]?.includes('blank'));
  companion.kill('SIGKILL');
  const isRunning = async () => (await docker.getContainer(blank?.Id ?? '').inspect()).State.Running;
  await expect.poll(isRunning, { timeout: 10_000 }).toBe(false);
  await runtime.sweep();
  expect(await containers()).toEqual([]);
});
