import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { onTestFinished } from 'vitest';
import type { Mount, Pod, PodSpec, Runtime, Service, ServiceSpec } from './runtime.ts';

/** For the tests of all runtimes: real pods in temporary directories, gone when the test is. */

export const SECRET = 'a-secret-that-only-the-companion-knows-0123456789';
const DEADLINE_MS = 30_000;

export interface Place {
  base: string;
  worktree: string;
  dataDirectory: string;
  runDirectory: string;
}

/** A worktree and the environment's directories; removed after the test. */
export async function makePlace(below = tmpdir()): Promise<Place> {
  const base = await realpath(await mkdtemp(join(below, 'vitrine-pod-')));
  onTestFinished(() => rm(base, { recursive: true, force: true }));
  const place = {
    base,
    worktree: join(base, 'attempt', 'app'),
    dataDirectory: join(base, 'data'),
    runDirectory: join(base, 'run'),
  };
  await mkdir(place.worktree, { recursive: true });
  await mkdir(place.dataDirectory);
  return place;
}

export function podSpec(place: Place, mounts: Mount[] = [], memoryMb = 512): PodSpec {
  const { worktree, dataDirectory, runDirectory } = place;
  return {
    environmentId: 'test-environment',
    secret: SECRET,
    worktree,
    dataDirectory,
    runDirectory,
    mounts,
    limits: { memory_mb: memoryMb, cpu_shares: 256, pids: 1024, disk_mb: 1024 },
  };
}

/** A pod that is destroyed after the test. */
export async function makePod(runtime: Runtime, spec: PodSpec): Promise<Pod> {
  const pod = await runtime.createPod(spec, AbortSignal.timeout(DEADLINE_MS));
  onTestFinished(() => pod.destroy());
  return pod;
}

export interface RunningService extends Service {
  lines: string[];
}

/** Starts a service and keeps what it prints. */
export async function start(
  pod: Pod,
  spec: Pick<ServiceSpec, 'command' | 'cwd'> & Partial<ServiceSpec>,
): Promise<RunningService> {
  const lines: string[] = [];
  const service = await pod.startService(
    { name: 'backend', env: {}, port: 3000, onOutput: (line) => lines.push(line), ...spec },
    AbortSignal.timeout(DEADLINE_MS),
  );
  return { ...service, lines };
}

/** Runs a command to its end and returns what it printed, on one line each. */
export async function run(pod: Pod, cwd: string, command: string | string[]): Promise<string> {
  const service = await start(pod, { name: 'probe', command, cwd, port: 4000 });
  await service.exited;
  return service.lines.join('\n');
}

/** A Node program that answers every request with what `expression` (of `request`) is. */
export async function writeServer(place: Place, expression: string, name = 'server.cjs'): Promise<string> {
  const code = `require('http').createServer(async (request, response) => response.end(String(await (${expression}))))
    .listen(Number(process.env.PORT), process.env.HOST, () => console.log('listening'));`;
  await writeFile(join(place.worktree, name), code);
  return `node ${name}`;
}

/** Connects as soon as the service listens. */
export async function connectWhenUp(pod: Pod, port: number): Promise<Duplex> {
  const deadline = performance.now() + DEADLINE_MS;
  for (;;) {
    try {
      return await pod.connect(port);
    } catch (error) {
      const refused = error instanceof Error && 'code' in error && error.code === 'ECONNREFUSED';
      if (!refused || performance.now() > deadline) throw error;
      await delay(5);
    }
  }
}

/** Body of the answer to a GET through the pod's gateway. */
export async function get(pod: Pod, port: number, path = '/'): Promise<string> {
  const connection = await connectWhenUp(pod, port);
  connection.write(`GET ${path} HTTP/1.1\r\nhost: test\r\nconnection: close\r\n\r\n`);
  let text = '';
  connection.on('data', (chunk: Buffer) => {
    text += chunk.toString('utf8');
  });
  await once(connection, 'end');
  connection.destroy();
  return text
    .split('\r\n\r\n')
    .slice(1)
    .join('\r\n\r\n')
    .replace(/^[0-9a-f]+\r\n([\s\S]*?)\r\n0\r\n$/, '$1');
}

/** Ids of this machine's processes that have a text in their command line or environment. */
export async function processesNaming(text: string): Promise<string[]> {
  const found: string[] = [];
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    const read = (file: string) => readFile(`/proc/${pid}/${file}`, 'latin1').catch(() => '');
    const [environment, command] = await Promise.all([read('environ'), read('cmdline')]);
    if (`${environment}\0${command}`.includes(text)) found.push(pid);
  }
  return found;
}
