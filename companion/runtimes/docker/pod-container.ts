import { basename } from 'node:path';
import type { GatewayAddress, GatewayOutlet } from '../gateway/protocol.ts';
import type { Bind } from '../mounts/plan.ts';
import { programFile } from '../programs.ts';
import { untilReady } from '../readiness.ts';
import type { PodSpec } from '../runtime.ts';
import { SupervisorLink, type SupervisorProcess } from '../supervisor/link.ts';
import { ServiceTable } from '../supervisor/service-table.ts';
import type { Connection } from './connection.ts';
import { type RunningContainer, runContainer } from './container.ts';
import { type ContainerGroup, findContainerGroup } from './container-group.ts';
import { ContainerMemory } from './container-memory.ts';
import type { ContainerPlan } from './container-options.ts';

const INSIDE_PROGRAMS = '/run/vitrine/programs';
/** The supervisor is inside the limit of what it runs, so this much is added to it. */
const OWN_MEMORY_MB = 64;

export interface PodContainerOptions {
  connection: Connection;
  spec: PodSpec;
  image: string;
  podId: string;
  labels: Record<string, string>;
  hostname: string;
  stateDirectory: string;
  user: string;
  /** What services see. */
  binds: Bind[];
  masks: string[];
  signal: AbortSignal;
}

/** The way into the pod and out of it. */
export interface PodWays {
  listen: GatewayAddress;
  outlets: GatewayOutlet[];
  binds: Bind[];
  volume?: ContainerPlan['volume'];
}

/** A pod's own container: one supervisor that answers as its gateway and runs the services of the default image. */
export interface PodContainer {
  readonly container: RunningContainer;
  readonly link: SupervisorLink;
  readonly services: ServiceTable;
  readonly memory: ContainerMemory;
  readonly group: Promise<ContainerGroup | null>;
}

/**
 * Starts it, and waits until its gateway answers. Everything a service adds to it (command, directory, environment
 * with its secrets) comes over its standard input, so that nothing of it is in what the engine keeps and shows; the
 * end of the input, which comes with the end of the companion, ends the pod.
 */
export async function startPodContainer(
  { connection, spec, stateDirectory, signal, ...options }: PodContainerOptions,
  ways: PodWays,
): Promise<PodContainer> {
  const { engine, events, info } = connection;
  const program = await programFile('supervisor', stateDirectory);
  const inside = `${INSIDE_PROGRAMS}/${basename(program)}`;
  const streams = Promise.withResolvers<Pick<SupervisorProcess, 'output' | 'errors'>>();
  const container = await runContainer(
    engine,
    events,
    {
      name: `vitrine-${options.podId}-pod`,
      image: options.image,
      argv: ['node', inside],
      cwd: '/',
      env: {},
      labels: options.labels,
      user: options.user,
      binds: [...options.binds, ...ways.binds, { source: program, target: inside, writable: false }],
      masks: options.masks,
      ...(ways.volume ? { volume: ways.volume } : {}),
      limits: { ...spec.limits, memory_mb: spec.limits.memory_mb + OWN_MEMORY_MB },
      ulimits: info.ulimits,
      network: 'none',
      hostname: options.hostname,
      stdin: true,
    },
    {
      onStreams: (stdout, stderr) => streams.resolve({ output: stdout, errors: stderr }),
      onOutOfMemory: () => memory.noteEvent(),
    },
    signal,
  );
  const group = info.isLocal ? findContainerGroup(engine, container.id) : Promise.resolve(null);
  const memory = new ContainerMemory({
    group,
    onUnclaimed: () => spec.onLimit?.({ limit: 'memory', ended: true }),
  });
  try {
    const link: SupervisorLink = new SupervisorLink(
      supervisorIn(container, await streams.promise),
      (report) => services.handle(report),
    );
    const services = new ServiceTable(
      (command) => link.send(command),
      memory,
      (event) => spec.onLimit?.(event),
    );
    const { listen, outlets } = ways;
    // Podman puts the body of the request to attach before what is written: the first line is nobody's.
    container.input?.write('\n');
    link.send({ type: 'init', secret: spec.secret, listen, outlets, ownsProcesses: true });
    await untilReady(
      link.ready,
      link.ended.then(() => link.complaint),
      signal,
    );
    return { container, link, services, memory, group };
  } catch (error) {
    memory.close();
    await container.remove().catch(() => {}); // found by its label
    throw error;
  }
}

function supervisorIn(
  container: RunningContainer,
  streams: Pick<SupervisorProcess, 'output' | 'errors'>,
): SupervisorProcess {
  const { input } = container;
  if (!input) throw new TypeError('Expected a container with its input attached');
  let isOver = false;
  return {
    ...streams,
    input,
    ended: container.exited.then(() => {
      isOver = true;
      return null;
    }),
    isOver: () => isOver,
    kill: () => void container.remove().catch(() => {}), // an engine that does not answer ends it by going away
  };
}
