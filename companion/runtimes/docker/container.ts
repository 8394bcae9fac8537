import { constants } from 'node:os';
import type { Duplex, Readable } from 'node:stream';
import { finished } from 'node:stream/promises';
import { setTimeout as delay } from 'node:timers/promises';
import type Docker from 'dockerode';
import { readOutput } from '../output/service-output.ts';
import type { ServiceExit } from '../runtime.ts';
import type { ContainerEvents } from './container-events.ts';
import { type ContainerPlan, containerOptions } from './container-options.ts';
import { demultiplex } from './demultiplex.ts';
import { type Engine, settled, statusOf } from './engine.ts';

/** Between SIGTERM and SIGKILL. */
const STOP_GRACE_MS = 3_000;
/** How long output may trail the end of a container. */
const OUTPUT_TAIL_MS = 500;
/** An engine that went away is asked this long whether the container still runs. */
const STILL_THERE_DEADLINE_MS = 2_000;
const NOT_RUNNING_RETRY_MS = 200;

export type OutputListener = (line: string, stream: 'stdout' | 'stderr') => void;

export interface ContainerListeners {
  /** Told what it prints, line by line. */
  onOutput?: OutputListener;
  /** Instead: takes its output over, and reads both to their ends. */
  onStreams?(stdout: Readable, stderr: Readable): void;
  /** Told each time the memory limit ended one of its processes. */
  onOutOfMemory?(): void;
}

export interface RunningContainer {
  readonly id: string;
  /** Its standard input, where the plan asked for it. */
  readonly input: Duplex | null;
  /** Resolves when it ended and was removed. Never rejects. */
  readonly exited: Promise<ServiceExit>;
  /** Asks it to end, then ends it. Resolves once that is done. */
  stop(graceMs?: number, signal?: string): Promise<void>;
  /** Ends it at once and removes it. */
  remove(): Promise<void>;
  pause(): Promise<void>;
  unpause(): Promise<void>;
}

/** Creates and starts a container whose every line is passed on. Rejects with nothing left behind. */
export async function runContainer(
  engine: Engine,
  events: ContainerEvents,
  plan: ContainerPlan,
  listeners: ContainerListeners,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const container = await engine.call(
    'create a container',
    engine.docker.createContainer(containerOptions(plan)),
  );
  const { id } = container;
  const removing = new AbortController();
  const remove = () => {
    removing.abort();
    return removeContainer(engine, container);
  };
  const onOutOfMemory = () => listeners.onOutOfMemory?.();
  let output: Duplex | Readable | undefined;
  try {
    signal.throwIfAborted();
    [output] = await Promise.all([
      engine.call('attach to a container', attach(container, plan.stdin === true)),
      events.watch(id, onOutOfMemory),
    ]);
    output.on('error', () => {}); // its end is told by the container's
    const read = readStreams(demultiplex(output), listeners);
    await engine.call('start a container', container.start());
    signal.throwIfAborted();
    const ended = untilExit(engine, container, {
      events,
      output,
      read,
      onOutOfMemory,
      removing: removing.signal,
    });
    return {
      id,
      input: plan.stdin ? (output as Duplex) : null, // attached with its input, see below
      remove,
      exited: ended.finally(() => remove().catch(() => {})),
      stop: (graceMs = STOP_GRACE_MS, by = 'SIGTERM') => stopContainer(engine, container, ended, graceMs, by),
      pause: () => settled(engine.call('pause a container', container.pause())),
      unpause: () => settled(engine.call('unpause a container', container.unpause())),
    };
  } catch (error) {
    output?.destroy();
    events.forget(id);
    await remove().catch(() => {});
    throw error;
  }
}

function readStreams(
  { stdout, stderr }: { stdout: Readable; stderr: Readable },
  { onOutput, onStreams }: ContainerListeners,
): Promise<unknown> {
  if (onStreams) {
    onStreams(stdout, stderr);
    return Promise.all([finished(stdout), finished(stderr)].map((end) => end.catch(() => undefined)));
  }
  return Promise.all([
    readOutput(stdout, { onLine: (line) => onOutput?.(line, 'stdout') }),
    readOutput(stderr, { onLine: (line) => onOutput?.(line, 'stderr') }),
  ]);
}

/** The container's output, and in the same connection its input where that is wanted. */
function attach(container: Docker.Container, stdin: boolean): Promise<Duplex | Readable> {
  return container.attach({
    stream: true,
    stdout: true,
    stderr: true,
    ...(stdin ? { stdin: true, hijack: true } : {}),
  }) as Promise<Duplex | Readable>; // a socket, or the HTTP response
}

interface ExitSources {
  events: ContainerEvents;
  output: Duplex | Readable;
  /** Resolves when the output was read to its end. */
  read: Promise<unknown>;
  onOutOfMemory(): void;
  /** Aborted when it is being removed by us. */
  removing: AbortSignal;
}

async function untilExit(
  engine: Engine,
  container: Docker.Container,
  { events, output, read, onOutOfMemory, removing }: ExitSources,
): Promise<ServiceExit> {
  const code = await exitCode(engine, container);
  // Podman answers 0 for a container that was removed meanwhile.
  if (code === null || removing.aborted) {
    output.destroy();
    events.forget(container.id);
    return { code: null, signal: 'SIGKILL', outOfMemory: false };
  }
  const timer = setTimeout(() => output.destroy(), OUTPUT_TAIL_MS);
  await read;
  clearTimeout(timer);
  output.destroy(); // its other direction, where it carried the input, is still open
  let outOfMemory = await events.outcome(container.id, code);
  if (!outOfMemory && code === 137 && (await wasKilledForMemory(container))) {
    outOfMemory = true;
    onOutOfMemory();
  }
  const signal = signalOf(code);
  const outOfDisk = signal === 'SIGXFSZ' ? { outOfDisk: true } : {};
  return { code: signal ? null : code, signal, outOfMemory, ...outOfDisk };
}

/**
 * Waits for the container's end. Null when the engine went away or somebody removed the container: then nothing
 * is known of it. A connection that broke while both are there is no end.
 */
async function exitCode(engine: Engine, container: Docker.Container): Promise<number | null> {
  for (;;) {
    try {
      return await engine.untilEnd(container.id);
    } catch (error) {
      if (statusOf(error) === 404) return null;
      const state = await engine
        .call('describe a container', container.inspect(), STILL_THERE_DEADLINE_MS)
        .then(({ State }) => State)
        .catch(() => null);
      if (!state) return null;
      if (!state.Running) return state.ExitCode;
      await delay(NOT_RUNNING_RETRY_MS);
    }
  }
}

/** Podman has no event for it, but says so of the container. */
async function wasKilledForMemory(container: Docker.Container): Promise<boolean> {
  return container.inspect().then(
    ({ State }) => State.OOMKilled,
    () => false,
  );
}

async function stopContainer(
  engine: Engine,
  container: Docker.Container,
  ended: Promise<unknown>,
  graceMs: number,
  signal: string,
): Promise<void> {
  // A paused container takes no notice of signals, and a running one cannot be unpaused: the answer does not matter.
  await container.unpause().catch(() => {});
  const kill = (by: string) =>
    settled(engine.call('stop a container', container.kill({ signal: by }))).catch(async (error) => {
      // Podman refuses with 500 when it has just ended; of an engine that went away nothing can be asked.
      if (await isKnownToRun(engine, container)) throw error;
    });
  if (graceMs === 0) return kill('SIGKILL');
  await kill(signal);
  const over = new AbortController();
  const grace = delay(graceMs, 'over', { signal: over.signal }).catch(() => {});
  const isOver = (await Promise.race([ended, grace])) === 'over';
  over.abort();
  if (isOver) await kill('SIGKILL');
}

function isKnownToRun(engine: Engine, container: Docker.Container): Promise<boolean> {
  return engine.call('describe a container', container.inspect(), STILL_THERE_DEADLINE_MS).then(
    ({ State }) => State.Running,
    () => false,
  );
}

async function removeContainer(engine: Engine, container: Docker.Container): Promise<void> {
  await settled(engine.call('remove a container', container.remove({ force: true, v: true })));
}

/** The init process reports the signal that ended its child as 128 + its number. */
function signalOf(code: number): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found ? found[0] : null;
}
