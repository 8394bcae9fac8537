import { mkdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { outletSocketName } from '../gateway/outlet-sockets.ts';
import type { GatewayAddress, GatewayOutlet } from '../gateway/protocol.ts';
import type { SocketPlace } from '../gateway/socket-place.ts';
import { programFile } from '../programs.ts';
import type { PodSpec } from '../runtime.ts';
import { sandboxArguments } from './bubblewrap.ts';
import { etcCopy } from './etc-copy.ts';
import { isVisible, podView } from './file-view.ts';
import { writeHostsFile } from './hosts-file.ts';
import { INFO_FD, limitingProcesses } from './launch.ts';
import { serviceSearchPath } from './search-path.ts';

/** Where the pod sees its sockets and the supervisor's program. */
const INSIDE_GATEWAY = '/run/vitrine/gateway';
const INSIDE_OUTLETS = '/run/vitrine/outlets';
const INSIDE_PROGRAMS = '/run/vitrine/programs';

/** How a pod's supervisor is started, and what it is told first. */
export interface PodCommand {
  argv: string[];
  env: Record<string, string | undefined>;
  listen: GatewayAddress;
  /** What the gateway opens; empty where the outlets are ports of the machine. */
  outlets: GatewayOutlet[];
  /** PATH of services. */
  path: string;
  temporaryDirectory: string;
}

export interface CommandOptions {
  stateDirectory: string;
  /** Never shown to a pod. */
  hidden: string[];
  changesUser: boolean;
  /** RLIMIT_NPROC bounds the sandbox's processes. */
  limitsProcesses: boolean;
}

/** The supervisor in bubblewrap. */
export async function sandboxedCommand(
  spec: PodSpec,
  place: SocketPlace,
  { stateDirectory, hidden, changesUser, limitsProcesses }: CommandOptions,
): Promise<PodCommand> {
  const [program, etc, hosts] = await Promise.all([
    programFile('supervisor', stateDirectory),
    etcCopy(stateDirectory),
    writeHostsFile(place.outlets, spec.hostNames ?? []),
  ]);
  const inside = `${INSIDE_PROGRAMS}/${basename(program)}`;
  const mounts = [
    ...spec.mounts,
    { source: place.shared, target: INSIDE_GATEWAY, writable: true },
    { source: place.outlets, target: INSIDE_OUTLETS },
    { source: program, target: inside },
    { source: etc, target: '/etc' },
    { source: hosts, target: '/etc/hosts' },
  ];
  const view = await podView({ ...spec, mounts }, hidden);
  const path = serviceSearchPath((directory) => isVisible(view, directory));
  const tmpBytes = spec.limits.memory_mb * 1024 * 1024;
  const sandbox = sandboxArguments({ view, tmpBytes, changesUser, env: { PATH: path, LANG: 'C.UTF-8' } });
  const supervisor = [process.execPath, inside];
  const command = limitsProcesses ? limitingProcesses(supervisor, spec.limits) : supervisor;
  return {
    argv: ['bwrap', '--info-fd', String(INFO_FD), ...sandbox, '--', ...command],
    env: { PATH: process.env.PATH },
    listen: { socket: `${INSIDE_GATEWAY}/gateway.sock` },
    outlets: (spec.outlets ?? []).map(({ name, port }) => ({
      name,
      port,
      socket: `${INSIDE_OUTLETS}/${outletSocketName(name)}`,
    })),
    path,
    temporaryDirectory: '/tmp',
  };
}

/** The supervisor as a process like any other. */
export async function plainCommand(
  spec: PodSpec,
  place: SocketPlace,
  { stateDirectory }: CommandOptions,
): Promise<PodCommand> {
  const program = await programFile('supervisor', stateDirectory);
  const temporaryDirectory = join(spec.dataDirectory, 'tmp');
  await mkdir(temporaryDirectory, { recursive: true, mode: 0o700 });
  const path = serviceSearchPath(() => true);
  const isWindows = process.platform === 'win32';
  return {
    argv: [process.execPath, program],
    env: { PATH: path, ...(isWindows ? { SystemRoot: process.env.SystemRoot } : {}) },
    listen: isWindows ? { port: 0 } : { socket: place.socket },
    outlets: [],
    path,
    temporaryDirectory,
  };
}
