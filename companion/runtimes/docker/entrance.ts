import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openOutletSockets, outletSocketName } from '../gateway/outlet-sockets.ts';
import { supplyOutlets } from '../gateway/outlet-supply.ts';
import type { GatewayAddress } from '../gateway/protocol.ts';
import { makeSocketPlace } from '../gateway/socket-place.ts';
import { programFile } from '../programs.ts';
import { untilReady } from '../readiness.ts';
import type { Connection } from './connection.ts';
import { type RunningContainer, runContainer } from './container.ts';
import { settled } from './engine.ts';
import { type PodContainer, type PodContainerOptions, startPodContainer } from './pod-container.ts';

/** Of what a door prints, this much is kept for error messages. */
const KEPT_OUTPUT = 2_000;
const INSIDE_SOCKETS = '/run/vitrine/gateway';
const INSIDE_OUTLETS = '/run/vitrine/outlets';
const INSIDE_PROGRAMS = '/run/vitrine/programs';
const GATEWAY_SOCKET = `${INSIDE_SOCKETS}/gateway.sock`;
const DOOR_PORT = 7070;
/** A small Node program of ours, which writes nothing. */
const DOOR_LIMITS = { memory_mb: 128, cpu_shares: 256, pids: 64, disk_mb: 16 };
/** A volume in the engine's memory that holds nothing but a socket. */
const SOCKET_VOLUME = { type: 'tmpfs', device: 'tmpfs', o: 'size=1m,mode=1777,nosuid,nodev,noexec' };

/** A pod's own container, and how it is reached. */
export interface Entrance {
  pod: PodContainer;
  /** Ends when the entrance is of no more use, which may be before the container does. */
  broken: Promise<unknown>;
  address: GatewayAddress;
  /** Directories of this machine that services can write to because of it. */
  writable: string[];
  /** Closes the outlets and removes all but the pod's container. Idempotent. */
  close(): Promise<void>;
}

/**
 * The gateway in a pod without any network, reached over a unix socket in a directory of this machine; its outlets
 * lead to the companion's sockets in another one.
 */
export async function openSocketEntrance(options: PodContainerOptions): Promise<Entrance> {
  const { spec } = options;
  const outlets = spec.outlets ?? [];
  const place = await makeSocketPlace(spec.runDirectory);
  const sockets = await openOutletSockets(outlets, place.outlets).catch(async (error: unknown) => {
    await place.remove();
    throw error;
  });
  const close = async () => {
    sockets.close();
    await place.remove();
  };
  try {
    const pod = await startPodContainer(options, {
      listen: { socket: GATEWAY_SOCKET },
      outlets: outlets.map(({ name, port }) => ({
        name,
        port,
        socket: join(INSIDE_OUTLETS, outletSocketName(name)),
      })),
      binds: [
        { source: place.shared, target: INSIDE_SOCKETS, writable: true },
        { source: place.outlets, target: INSIDE_OUTLETS, writable: false },
      ],
    });
    await place.take();
    const address = { socket: place.socket };
    return { pod, broken: pod.container.exited, address, writable: [place.shared], close };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * For engines in a virtual machine, where a socket of this machine means nothing: the pod is the same, without any
 * network, but its gateway's socket is in a volume that a second container sees too, the door. Its port, published
 * on 127.0.0.1, leads to the gateway, which asks for the secret; outlets use connections that the companion keeps
 * waiting there.
 */
export async function openDoorEntrance(options: PodContainerOptions): Promise<Entrance> {
  const { connection, spec, podId, labels } = options;
  const { engine } = connection;
  const outlets = spec.outlets ?? [];
  const volume = { name: `vitrine-${podId}`, target: INSIDE_SOCKETS };
  await engine.call(
    'create a volume',
    engine.docker.createVolume({
      Name: volume.name,
      Driver: 'local',
      DriverOpts: SOCKET_VOLUME,
      Labels: labels,
    }),
  );
  const made: RunningContainer[] = [];
  const removeVolume = () =>
    settled(engine.call('remove a volume', engine.docker.getVolume(volume.name).remove()));
  try {
    const [pod, door] = await bothOrNone(
      startPodContainer(options, {
        listen: { socket: GATEWAY_SOCKET },
        outlets: outlets.map(({ name, port }) => ({ name, port })),
        binds: [],
        volume,
      }),
      startDoor(options, volume),
    );
    made.push(pod.container, door);
    const address = { port: await publishedPort(connection, door) };
    const supply = supplyOutlets({ address, secret: spec.secret, outlets });
    return {
      pod,
      broken: Promise.race([pod.container.exited, door.exited]),
      address,
      writable: [],
      close: async () => {
        supply.close();
        await door.remove();
        await removeVolume();
        await rm(spec.runDirectory, { recursive: true, force: true });
      },
    };
  } catch (error) {
    await Promise.allSettled(made.map((container) => container.remove()));
    await removeVolume().catch(() => {}); // found by its label later
    throw error;
  }
}

/** Both, or neither: when one fails, the other is removed again. */
async function bothOrNone(
  pod: Promise<PodContainer>,
  door: Promise<RunningContainer>,
): Promise<[PodContainer, RunningContainer]> {
  try {
    return await Promise.all([pod, door]);
  } catch (error) {
    const made = await Promise.allSettled([pod.then(({ container }) => container), door]);
    for (const outcome of made) {
      if (outcome.status === 'fulfilled') await outcome.value.remove().catch(() => {});
    }
    throw error;
  }
}

async function publishedPort({ engine }: Connection, door: RunningContainer): Promise<number> {
  const { NetworkSettings } = await engine.call(
    'describe a container',
    engine.docker.getContainer(door.id).inspect(),
  );
  const port = Number(NetworkSettings.Ports[`${DOOR_PORT}/tcp`]?.[0]?.HostPort);
  if (!port) throw new Error('The engine published no port');
  return port;
}

/** Starts the door, and waits until it says that it is ready. */
async function startDoor(
  { connection, image, user, podId, labels, stateDirectory, signal }: PodContainerOptions,
  volume: { name: string; target: string },
): Promise<RunningContainer> {
  const program = await programFile('door', stateDirectory);
  const inside = `${INSIDE_PROGRAMS}/${basename(program)}`;
  const ready = Promise.withResolvers<void>();
  let said = '';
  const door = await runContainer(
    connection.engine,
    connection.events,
    {
      name: `vitrine-${podId}-door`,
      image,
      argv: ['node', inside, '--port', String(DOOR_PORT), '--socket', GATEWAY_SOCKET],
      cwd: '/',
      env: {},
      labels,
      user,
      binds: [{ source: program, target: inside, writable: false }],
      masks: [],
      volume,
      limits: DOOR_LIMITS,
      ulimits: connection.info.ulimits,
      network: 'bridge',
      publish: DOOR_PORT,
    },
    {
      onOutput: (line) => {
        said = `${said}${line}\n`.slice(-KEPT_OUTPUT);
        if (line.startsWith('{"type":"ready"')) ready.resolve();
      },
    },
    signal,
  );
  try {
    const died = door.exited.then(() => said.trim() || 'its door ended and said nothing');
    await untilReady(ready.promise, died, signal);
    return door;
  } catch (error) {
    await door.remove().catch(() => {});
    throw error;
  }
}
