import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { openOutletSockets, outletSocketName } from '../gateway/outlet-sockets.ts';
import { supplyOutlets } from '../gateway/outlet-supply.ts';
import type { GatewayAddress } from '../gateway/protocol.ts';
import { makeSocketPlace } from '../gateway/socket-place.ts';
import type { Owner } from '../ownership.ts';
import { programFile } from '../programs.ts';
import { untilReady } from '../readiness.ts';
import type { PodSpec } from '../runtime.ts';
import type { Connection } from './connection.ts';
import { type RunningContainer, runContainer } from './container.ts';
import type { ContainerPlan } from './container-options.ts';
import { settled } from './engine.ts';
import { containerUser } from './engine-info.ts';

/** Of what a gateway prints, this much is kept for error messages. */
const KEPT_OUTPUT = 2_000;
const INSIDE_SOCKETS = '/run/vitrine/gateway';
const INSIDE_OUTLETS = '/run/vitrine/outlets';
const INSIDE_PROGRAMS = '/run/vitrine/programs';
const GATEWAY_SOCKET = `${INSIDE_SOCKETS}/gateway.sock`;
const DOOR_PORT = 7070;
/** Small Node programs of ours, which write nothing. */
const LIMITS = { memory_mb: 128, cpu_shares: 256, pids: 64, disk_mb: 16 };
/** A volume in the engine's memory that holds nothing but a socket. */
const SOCKET_VOLUME = { type: 'tmpfs', device: 'tmpfs', o: 'size=1m,mode=1777,nosuid,nodev,noexec' };

/** How a pod is reached: its gateway, and what leads to it. */
export interface Entrance {
  gateway: RunningContainer;
  /** Ends when the entrance is of no more use, which may be before the gateway does. */
  broken: Promise<unknown>;
  address: GatewayAddress;
  /** Closes the outlets and removes all but the gateway. Idempotent. */
  close(): Promise<void>;
}

export interface EntranceOptions {
  connection: Connection;
  spec: PodSpec;
  image: string;
  owner: Owner | null;
  podId: string;
  labels: Record<string, string>;
  hostname: string;
  stateDirectory: string;
  signal: AbortSignal;
}

/**
 * The gateway in a pod without any network, reached over a unix socket in a directory of this machine; its outlets
 * lead to the companion's sockets in another one. Neither directory is shown to services.
 */
export async function openSocketEntrance(options: EntranceOptions): Promise<Entrance> {
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
    const gateway = await startProgram(options, 'gateway', {
      args: [
        ...['--socket', GATEWAY_SOCKET],
        ...outlets.flatMap(({ name, port }) => [
          '--outlet',
          `${name}:${port}:${join(INSIDE_OUTLETS, outletSocketName(name))}`,
        ]),
      ],
      env: { VITRINE_GATEWAY_SECRET: spec.secret },
      binds: [
        { source: place.shared, target: INSIDE_SOCKETS, writable: true },
        { source: place.outlets, target: INSIDE_OUTLETS, writable: false },
      ],
      network: 'none',
    });
    await place.take();
    return { gateway, broken: gateway.exited, address: { socket: place.socket }, close };
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
export async function openDoorEntrance(options: EntranceOptions): Promise<Entrance> {
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
    const [gateway, door] = await allOrNone([
      startProgram(options, 'gateway', {
        args: [
          ...['--socket', GATEWAY_SOCKET],
          ...outlets.flatMap(({ name, port }) => ['--outlet', `${name}:${port}`]),
        ],
        env: { VITRINE_GATEWAY_SECRET: spec.secret },
        binds: [],
        network: 'none',
        volume,
      }),
      startProgram(options, 'door', {
        args: ['--port', String(DOOR_PORT), '--socket', GATEWAY_SOCKET],
        env: {},
        binds: [],
        network: 'bridge',
        publish: DOOR_PORT,
        volume,
      }),
    ]);
    made.push(gateway, door);
    const address = { port: await publishedPort(connection, door) };
    const supply = supplyOutlets({ address, secret: spec.secret, outlets });
    return {
      gateway,
      broken: Promise.race([gateway.exited, door.exited]),
      address,
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
async function allOrNone(
  starting: [Promise<RunningContainer>, Promise<RunningContainer>],
): Promise<[RunningContainer, RunningContainer]> {
  try {
    return await Promise.all(starting);
  } catch (error) {
    for (const outcome of await Promise.allSettled(starting)) {
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

/** Starts one of Vitrine's own programs in a container, and waits until it says that it is ready. */
async function startProgram(
  { connection, image, owner, podId, labels, hostname, stateDirectory, signal }: EntranceOptions,
  name: 'gateway' | 'door',
  plan: Pick<ContainerPlan, 'env' | 'binds' | 'network' | 'publish' | 'volume'> & { args: string[] },
): Promise<RunningContainer> {
  const program = await programFile(name, stateDirectory);
  const inside = `${INSIDE_PROGRAMS}/${basename(program)}`;
  const ready = Promise.withResolvers<void>();
  let said = '';
  const { args, ...rest } = plan;
  const ownsNetwork = plan.network === 'none' ? { hostname } : {};
  const container = await runContainer(
    connection.engine,
    connection.events,
    {
      ...rest,
      ...ownsNetwork,
      name: `vitrine-${podId}-${name}`,
      image,
      argv: ['node', inside, ...args],
      cwd: '/',
      labels,
      user: containerUser(owner, connection.info),
      binds: [...plan.binds, { source: program, target: inside, writable: false }],
      masks: [],
      limits: LIMITS,
      ulimits: connection.info.ulimits,
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
    const died = container.exited.then(() => said.trim() || `its ${name} ended and said nothing`);
    await untilReady(ready.promise, died, signal);
    return container;
  } catch (error) {
    await container.remove().catch(() => {});
    throw error;
  }
}
