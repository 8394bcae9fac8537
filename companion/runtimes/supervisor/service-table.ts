import { randomBytes } from 'node:crypto';
import { VitrineError } from '#shared/errors.ts';
import type { LimitEvent, ServiceExit, ServiceSpec } from '../runtime.ts';
import { podGone } from './pod-errors.ts';
import type { SupervisorCommand, SupervisorReport } from './protocol.ts';

/** How long a process may take from fork to exec. */
const SPAWN_DEADLINE_MS = 10_000;

/** A service as the supervisor knows it; its pid is the pod's own where the pod has a process namespace. */
export interface ServiceProcess {
  id: number;
  pid: number;
}

/** Tells, for a service that was ended by SIGKILL, whether that was for want of memory. */
export interface MemoryClaims {
  claim(): Promise<boolean>;
}

/** One run of a command under the supervisor. */
export interface Run {
  readonly id: number;
  readonly pid: number;
  readonly exited: Promise<ServiceExit>;
}

interface Entry {
  name: string;
  pid: number | null;
  /** Why it is being ended by us. */
  endedFor: 'memory' | 'disk' | 'processes' | null;
  onOutput: ServiceSpec['onOutput'];
  started: PromiseWithResolvers<number>;
  exited: PromiseWithResolvers<ServiceExit>;
}

/** Pairs what the supervisor reports with the commands it was given. */
export class ServiceTable {
  readonly #entries = new Map<number, Entry>();
  readonly #send: (command: SupervisorCommand) => void;
  readonly #memory: MemoryClaims;
  readonly #emit: (event: LimitEvent) => void;
  #nextId = 1;

  constructor(
    send: (command: SupervisorCommand) => void,
    memory: MemoryClaims,
    emit: (event: LimitEvent) => void,
  ) {
    this.#send = send;
    this.#memory = memory;
    this.#emit = emit;
  }

  /** What runs now. */
  get processes(): ServiceProcess[] {
    return [...this.#entries].flatMap(([id, { pid }]) => (pid === null ? [] : [{ id, pid }]));
  }

  /** Ends services for a limit, which their exits will tell: one, or all of them. */
  endFor(reason: 'memory' | 'disk' | 'processes', only: ServiceProcess | null): void {
    for (const [id, entry] of this.#entries) {
      if (only && only.id !== id) continue;
      entry.endedFor = reason;
      this.stop(id, 0);
    }
  }

  /** Starts a command. Rejects when it cannot be spawned; an abort ends what was started. */
  async start(
    command: { argv: string[]; cwd: string; env: Record<string, string> },
    spec: Pick<ServiceSpec, 'name' | 'onOutput' | 'hasInput'>,
    signal: AbortSignal,
  ): Promise<Run> {
    signal.throwIfAborted();
    const id = this.#nextId;
    this.#nextId += 1;
    const entry: Entry = {
      name: spec.name,
      pid: null,
      endedFor: null,
      onOutput: spec.onOutput,
      started: Promise.withResolvers(),
      exited: Promise.withResolvers(),
    };
    this.#entries.set(id, entry);
    const onAbort = () => entry.started.reject(signal.reason);
    const deadline = setTimeout(
      () => entry.started.reject(notSpawned(spec.name, 'ETIMEDOUT')),
      SPAWN_DEADLINE_MS,
    );
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      this.#send({
        type: 'start',
        id,
        mark: randomBytes(16).toString('hex'),
        hasInput: spec.hasInput === true,
        ...command,
      });
      const pid = await entry.started.promise;
      return { id, pid, exited: entry.exited.promise };
    } catch (error) {
      this.stop(id, 0);
      throw error instanceof SpawnRefused ? notSpawned(spec.name, error.code, error) : error;
    } finally {
      clearTimeout(deadline);
      signal.removeEventListener('abort', onAbort);
    }
  }

  stop(id: number, graceMs: number): void {
    if (this.#entries.has(id)) this.#send({ type: 'stop', id, graceMs });
  }

  handle(report: SupervisorReport): void {
    if (!('id' in report)) return;
    const entry = this.#entries.get(report.id);
    if (!entry) return;
    if (report.type === 'started') {
      entry.pid = report.pid;
      entry.started.resolve(report.pid);
    }
    if (report.type === 'output') entry.onOutput(report.line, report.stream);
    if (report.type === 'refused') {
      this.#entries.delete(report.id);
      entry.started.reject(new SpawnRefused(report.code, report.message));
    }
    if (report.type === 'exit') {
      this.#entries.delete(report.id);
      void this.#settle(entry, report);
    }
  }

  /** The pod is gone: so is everything in it. */
  async endAll(): Promise<void> {
    const outOfMemory = this.#entries.size > 0 && (await this.#memory.claim());
    for (const entry of this.#entries.values()) {
      entry.started.reject(podGone());
      this.#exit(entry, null, 'SIGKILL', outOfMemory);
    }
    this.#entries.clear();
  }

  async #settle(
    entry: Entry,
    { code, signal }: { code: number | null; signal: string | null },
  ): Promise<void> {
    // A shell between reports the signal as 128 + 9.
    const killed = signal === 'SIGKILL' || code === 137;
    this.#exit(entry, code, signal, killed && (await this.#memory.claim()));
  }

  #exit(entry: Entry, code: number | null, signal: string | null, memoryKill: boolean): void {
    const outOfMemory = entry.endedFor === 'memory' || (memoryKill && entry.endedFor === null);
    // What the kernel sends for a file that grows beyond RLIMIT_FSIZE; 25 is its number everywhere.
    const outOfDisk = entry.endedFor === 'disk' || signal === 'SIGXFSZ' || code === 153;
    if (outOfMemory) this.#emit({ limit: 'memory', service: entry.name, ended: true });
    if (outOfDisk) this.#emit({ limit: 'disk', service: entry.name, ended: true });
    entry.exited.resolve({ code, signal, outOfMemory, ...(outOfDisk ? { outOfDisk } : {}) });
  }
}

class SpawnRefused extends Error {
  readonly code: string;

  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

function notSpawned(name: string, code: string, cause?: Error): VitrineError {
  const why = code === 'ENOENT' ? 'its command or working directory does not exist in the sandbox' : code;
  return new VitrineError({
    code: 'SERVICE_NOT_SPAWNED',
    message: `The service "${name}" could not be started: ${why}`,
    remedy: 'Check command and directory of the service in .vibe-kanban/environment.yaml.',
    status: 422,
    cause,
  });
}
