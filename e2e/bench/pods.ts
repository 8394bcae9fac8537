import { once } from 'node:events';
import { mkdir, mkdtemp, realpath, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import Docker from 'dockerode';
import { LOCAL_NODE_IMAGE } from '../../companion/runtimes/docker/node-image.ts';
import { DockerRuntime } from '../../companion/runtimes/docker/runtime.ts';
import { ProcessRuntime } from '../../companion/runtimes/process/runtime.ts';
import type { Pod, PodSpec, Runtime } from '../../companion/runtimes/runtime.ts';
import { startChild } from '../child.ts';
import { Lifetime } from '../lifetime.ts';
import { startDockerDaemon } from '../setup/docker.ts';

const DEADLINE_MS = 60_000;
const POLL_MS = 2;
const PORT = 3000;

/** A backend that does nothing but answer. Plain Node: what is measured is the sandbox, not an app. */
export const PING_SERVER = `require('node:http').createServer((request, response) => response.end('pong')).listen(Number(process.env.PORT), process.env.HOST);`;

/** Milliseconds from asking for a sandbox to the first 200 of its backend; one number a round, rounds interleaved. */
export interface PodFigures {
  /** The runtime's own. */
  ours: number[];
  /** Without Vitrine: a container of dockerode with its port in a socket, or a child process. */
  bare: number[];
  /** Their ratio, round by round. */
  ratio: number[];
}

export interface DockerPodFigures extends PodFigures {
  /** In a pod that was made and warmed before. */
  warm: number[];
}

/** Docker's pods beside containers that dockerode creates and starts itself, hardened alike. */
export async function measureDockerPods(rounds: number): Promise<DockerPodFigures> {
  const lifetime = new Lifetime();
  try {
    const { socketPath } = lifetime.own(await startDockerDaemon(), (daemon) => daemon.stop());
    const state = await temporary(lifetime, 'state');
    const runtime = new DockerRuntime({ stateDirectory: state, socketPath });
    await runtime.sweep();
    lifetime.own(runtime, (each) => each.sweep());
    const docker = new Docker({ socketPath });
    // The image and the programs are there from then on, as they are on every machine after its first preview.
    await podUntilAnswer(runtime, await temporary(lifetime));
    const figures: DockerPodFigures = { ours: [], bare: [], ratio: [], warm: [] };
    for (let round = 0; round < rounds; round += 1) {
      const measure = {
        ours: async () => podUntilAnswer(runtime, await temporary(lifetime)),
        bare: async () => containerUntilAnswer(docker, await temporary(lifetime)),
      };
      await inTurn(round, figures, measure);
      figures.warm.push(await warmPodUntilAnswer(runtime, await temporary(lifetime)));
    }
    return figures;
  } finally {
    await lifetime.end();
  }
}

/** Pods of processes beside plain child processes. */
export async function measureProcessPods(rounds: number): Promise<PodFigures> {
  const lifetime = new Lifetime();
  try {
    const runtime = new ProcessRuntime({ stateDirectory: await temporary(lifetime, 'state') });
    await runtime.sweep();
    await podUntilAnswer(runtime, await temporary(lifetime));
    const figures: PodFigures = { ours: [], bare: [], ratio: [] };
    for (let round = 0; round < rounds; round += 1) {
      await inTurn(round, figures, {
        ours: async () => podUntilAnswer(runtime, await temporary(lifetime)),
        bare: async () => childUntilAnswer(await temporary(lifetime)),
      });
    }
    return figures;
  } finally {
    await lifetime.end();
  }
}

/** Who goes first alternates: what a machine does meanwhile is to hit both. */
async function inTurn(
  round: number,
  figures: PodFigures,
  measure: { ours: () => Promise<number>; bare: () => Promise<number> },
): Promise<void> {
  const names = round % 2 === 0 ? (['ours', 'bare'] as const) : (['bare', 'ours'] as const);
  for (const name of names) figures[name].push(await measure[name]());
  figures.ratio.push((figures.ours.at(-1) ?? Number.NaN) / (figures.bare.at(-1) ?? Number.NaN));
}

async function podUntilAnswer(runtime: Runtime, directory: string): Promise<number> {
  const spec = await podSpec(directory);
  const start = performance.now();
  const pod = await runtime.createPod(spec, AbortSignal.timeout(DEADLINE_MS));
  return serviceUntilAnswer(pod, spec, start);
}

async function warmPodUntilAnswer(runtime: Runtime, directory: string): Promise<number> {
  const spec = await podSpec(directory);
  const signal = AbortSignal.timeout(DEADLINE_MS);
  const pod = await runtime.createPod(spec, signal);
  await pod.warm(undefined, signal);
  return serviceUntilAnswer(pod, spec, performance.now());
}

async function serviceUntilAnswer(pod: Pod, { worktree }: PodSpec, start: number): Promise<number> {
  try {
    const command = ['node', 'server.cjs'];
    const service = { name: 'backend', command, cwd: worktree, env: {}, port: PORT, onOutput: () => {} };
    const { port } = await pod.startService(service, AbortSignal.timeout(DEADLINE_MS));
    await untilAnswer({ open: () => pod.connect(port) });
    return performance.now() - start;
  } finally {
    await pod.destroy();
  }
}

/** The floor: what one container with a socket costs, limited and without rights as ours are. */
export async function containerUntilAnswer(docker: Docker, directory: string): Promise<number> {
  const start = performance.now();
  const container = await startBareContainer(docker, directory);
  try {
    await untilAnswer({ socketPath: join(directory, 'app/http.sock') });
    return performance.now() - start;
  } finally {
    await container.remove({ force: true });
  }
}

export async function startBareContainer(docker: Docker, directory: string): Promise<Docker.Container> {
  const worktree = join(directory, 'app');
  await writeServer(worktree);
  const container = await docker.createContainer({
    Image: LOCAL_NODE_IMAGE,
    Entrypoint: ['node', 'server.cjs'],
    WorkingDir: worktree,
    Env: [`PORT=${PORT}`, 'HOST=127.0.0.1', `SOCKET=${join(worktree, 'http.sock')}`],
    HostConfig: {
      NetworkMode: 'none',
      Init: true,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      ReadonlyRootfs: true,
      PidsLimit: 1024,
      Memory: 512 * 1024 * 1024,
      Mounts: [{ Type: 'bind', Source: worktree, Target: worktree }],
      LogConfig: { Type: 'none', Config: {} },
    },
  });
  await container.start();
  return container;
}

async function childUntilAnswer(directory: string): Promise<number> {
  const worktree = join(directory, 'app');
  await writeServer(worktree);
  const socketPath = join(worktree, 'http.sock');
  const start = performance.now();
  const child = await startChild('node', ['server.cjs'], {
    cwd: worktree,
    env: { PATH: process.env.PATH, SOCKET: socketPath },
  });
  try {
    await untilAnswer({ socketPath });
    return performance.now() - start;
  } finally {
    child.process.kill('SIGKILL');
    await child.exited;
  }
}

type Way = { socketPath: string } | { open: () => Promise<Duplex> };

/** Asks until there is a 200. */
export async function untilAnswer(way: Way): Promise<void> {
  const end = performance.now() + DEADLINE_MS;
  while (performance.now() < end) {
    if (await answers(way).catch(() => false)) return;
    await delay(POLL_MS);
  }
  throw new Error(`No answer within ${DEADLINE_MS / 1000} s`);
}

async function answers(way: Way): Promise<boolean> {
  const connection = 'open' in way ? await way.open() : connect(way.socketPath);
  try {
    connection.write('GET / HTTP/1.1\r\nhost: bench\r\nconnection: close\r\n\r\n');
    const [chunk] = await once(connection, 'data', { signal: AbortSignal.timeout(DEADLINE_MS) });
    return String(chunk).startsWith('HTTP/1.1 200 ');
  } finally {
    connection.on('error', () => {}).destroy();
  }
}

async function podSpec(directory: string): Promise<PodSpec> {
  const worktree = join(directory, 'app');
  await writeServer(worktree);
  const dataDirectory = join(directory, 'data');
  await mkdir(dataDirectory);
  return {
    environmentId: 'bench',
    secret: 'a-secret-of-the-benchmark-0123456789',
    worktree,
    dataDirectory,
    runDirectory: join(directory, 'run'),
    mounts: [],
    limits: { memory_mb: 512, cpu_shares: 256, pids: 1024, disk_mb: 1024 },
  };
}

async function writeServer(worktree: string): Promise<void> {
  await mkdir(worktree, { recursive: true });
  // The bare ones listen on a socket: without a network there is no other way in.
  const code = PING_SERVER.replace(
    'Number(process.env.PORT), process.env.HOST',
    'process.env.SOCKET ?? Number(process.env.PORT), process.env.HOST',
  );
  await writeFile(join(worktree, 'server.cjs'), code);
}

async function temporary(lifetime: Lifetime, name = 'b'): Promise<string> {
  return lifetime.own(await realpath(await mkdtemp(join(tmpdir(), `vt-${name}-`))), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
}
