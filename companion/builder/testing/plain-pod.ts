import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Pod, Service, ServiceExit, ServiceSpec } from '../../runtimes/runtime.ts';

/** A pod that keeps nothing apart: plain processes and ports of this machine, for tests of what runs in pods. */
export class PlainPod implements Pod {
  readonly node = process.execPath;
  readonly isolation = {
    network: 'none',
    files: 'none',
    processes: 'none',
    memory: 'none',
    cpu: 'none',
    disk: 'none',
    pids: 'none',
  } as const;
  readonly #services: Service[] = [];
  readonly #over = Promise.withResolvers<void>();
  readonly gone = this.#over.promise;
  /** Services wait for it before they start. */
  mayStart: Promise<void> = Promise.resolve();
  /** Process ids of what was started, the newest last. */
  readonly pids: number[] = [];

  outletPort(name: string): number {
    throw new Error(`This pod has no outlet ${name}`);
  }

  async usage(): Promise<null> {
    return null;
  }

  async warm(): Promise<void> {}

  async startService(spec: ServiceSpec): Promise<Service> {
    await this.mayStart;
    const port = await freePort();
    const [program = 'node', ...rest] = Array.isArray(spec.command)
      ? spec.command
      : ['sh', '-c', spec.command];
    const child = spawn(program === 'node' ? process.execPath : program, rest, {
      cwd: spec.cwd,
      env: { PATH: process.env.PATH, HOME: process.env.HOME, ...spec.env, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    if (child.pid !== undefined) this.pids.push(child.pid);
    for (const stream of ['stdout', 'stderr'] as const) {
      child[stream].setEncoding('utf8').on('data', (text: string) => {
        for (const line of text.split('\n').filter(Boolean)) spec.onOutput(line, stream);
      });
    }
    const exited = once(child, 'exit').then(
      ([code, signal]): ServiceExit => ({ code, signal, outOfMemory: false }),
    );
    const service: Service = {
      name: spec.name,
      port,
      exited,
      async stop() {
        child.kill('SIGTERM');
        const timer = setTimeout(() => child.kill('SIGKILL'), 3_000);
        await exited;
        clearTimeout(timer);
      },
    };
    this.#services.push(service);
    return service;
  }

  async connect(port: number, signal?: AbortSignal): Promise<Duplex> {
    const socket = connect({ port, host: '127.0.0.1', ...(signal && { signal }) });
    await once(socket, 'connect');
    socket.setNoDelay();
    return socket;
  }

  async suspend(): Promise<void> {}
  async resume(): Promise<void> {}

  async destroy(): Promise<void> {
    await Promise.all(this.#services.map((service) => service.stop()));
    this.#over.resolve();
  }
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (address === null || typeof address === 'string') throw new Error('No port was given.');
  return address.port;
}
