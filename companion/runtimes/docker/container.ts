import { constants } from 'node:os';
import type { Readable } from 'node:stream';
import type Docker from 'dockerode';
import { readOutput } from '../output/service-output.ts';
import type { ServiceExit } from '../runtime.ts';
import type { ContainerEvents } from './container-events.ts';
import { type ContainerPlan, containerOptions } from './container-options.ts';
import { demultiplex } from './demultiplex.ts';
import { type Engine, settled } from './engine.ts';

/** Seconds between SIGTERM and SIGKILL. */
const STOP_GRACE_S = 3;
/** How long output may trail the end of a container. */
const OUTPUT_TAIL_MS = 500;

export interface RunningContainer {
  readonly id: string;
  /** Resolves when it ended and was removed. Never rejects. */
  readonly exited: Promise<ServiceExit>;
  stop(): Promise<void>;
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
  onOutput: (line: string, stream: 'stdout' | 'stderr') => void,
  signal: AbortSignal,
): Promise<RunningContainer> {
  const container = await engine.call(
    'create a container',
    engine.docker.createContainer(containerOptions(plan)),
  );
  const { id } = container;
  const remove = () => removeContainer(engine, container);
  try {
    signal.throwIfAborted();
    const [output] = await Promise.all([
      engine.call(
        'attach to a container',
        container.attach({ stream: true, stdout: true, stderr: true }) as unknown as Promise<Readable>, // the HTTP response
      ),
      events.watch(id),
    ]);
    const streams = demultiplex(output);
    const read = Promise.all([
      readOutput(streams.stdout, { onLine: (line) => onOutput(line, 'stdout') }),
      readOutput(streams.stderr, { onLine: (line) => onOutput(line, 'stderr') }),
    ]);
    await engine.call('start a container', container.start());
    signal.throwIfAborted();
    return {
      id,
      remove,
      exited: untilExit(container, events, output, read).finally(() => remove().catch(() => {})),
      stop: () => settled(stopContainer(engine, container)),
      pause: () => settled(engine.call('pause a container', container.pause())),
      unpause: () => settled(engine.call('unpause a container', container.unpause())),
    };
  } catch (error) {
    events.forget(id);
    await remove().catch(() => {});
    throw error;
  }
}

async function untilExit(
  container: Docker.Container,
  events: ContainerEvents,
  output: Readable,
  read: Promise<unknown>,
): Promise<ServiceExit> {
  try {
    const { StatusCode: code }: { StatusCode: number } = await container.wait();
    const timer = setTimeout(() => output.destroy(), OUTPUT_TAIL_MS);
    await read;
    clearTimeout(timer);
    const outOfMemory = await events.outcome(container.id, code);
    const signal = signalOf(code);
    return { code: signal ? null : code, signal, outOfMemory };
  } catch {
    // The engine went away, or somebody removed the container.
    output.destroy();
    events.forget(container.id);
    return { code: null, signal: 'SIGKILL', outOfMemory: false };
  }
}

async function stopContainer(engine: Engine, container: Docker.Container): Promise<void> {
  // A paused container takes no notice of SIGTERM, and a running one cannot be unpaused: the answer does not matter.
  await container.unpause().catch(() => {});
  await engine.call('stop a container', container.stop({ t: STOP_GRACE_S }));
}

async function removeContainer(engine: Engine, container: Docker.Container): Promise<void> {
  await settled(engine.call('remove a container', container.remove({ force: true, v: true })));
}

/** The init process reports the signal that ended its child as 128 + its number. */
function signalOf(code: number): string | null {
  const found = Object.entries(constants.signals).find(([, number]) => number === code - 128);
  return found ? found[0] : null;
}
