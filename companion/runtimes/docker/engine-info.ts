import { readFile } from 'node:fs/promises';
import { release } from 'node:os';
import { z } from 'zod';
import type { Isolation } from '#shared/api/environment.ts';
import type { Owner } from '../ownership.ts';
import type { Engine } from './engine.ts';

const ANSWER_DEADLINE_MS = 5_000;
/** What Podman lowers its own limit of processes to. */
const PODMAN_NPROC = 32_768;

const infoSchema = z.object({
  OSType: z.string(),
  OperatingSystem: z.string(),
  KernelVersion: z.string().default(''),
  CgroupVersion: z.string().default(''),
  MemoryLimit: z.boolean().default(false),
  CPUShares: z.boolean().default(false),
  PidsLimit: z.boolean().default(false),
  SecurityOptions: z.array(z.string()).nullish(),
});

const versionSchema = z.object({
  Version: z.string(),
  Components: z.array(z.object({ Name: z.string(), Version: z.string() })).nullish(),
});

/** What an engine says of itself, as far as it matters here. */
export interface EngineInfo {
  /** `Docker 28.1`, `Podman 5.0`. */
  name: string;
  isPodman: boolean;
  /** Says when a container ran out of memory. Podman on the old control groups does not. */
  tellsOutOfMemory: boolean;
  /** Runs as an ordinary user: root inside its containers is that user. */
  isRootless: boolean;
  /** Shares this machine's kernel, so that sockets can be mounted and its processes be seen. */
  isLocal: boolean;
  /** Why it cannot be used although it answers; null when it can. */
  obstacle: string | null;
  limits: { memory: boolean; cpu: boolean; pids: boolean };
  /** Limits of processes that containers must be given here. */
  ulimits: Ulimit[];
}

/** A resource limit of setrlimit(2). */
export interface Ulimit {
  Name: string;
  Soft: number;
  Hard: number;
}

/** Asks an engine what it is and can. */
export async function engineInfo(engine: Engine): Promise<EngineInfo> {
  const [info, version] = await Promise.all([
    engine
      .call('answer', engine.docker.info(), ANSWER_DEADLINE_MS)
      .then((answer) => infoSchema.parse(answer)),
    engine
      .call('answer', engine.docker.version(), ANSWER_DEADLINE_MS)
      .then((answer) => versionSchema.parse(answer)),
  ]);
  const isHere = isOnThisMachine(info);
  const podman = version.Components?.find(({ Name }) => Name === 'Podman Engine');
  return {
    name: podman ? `Podman ${podman.Version}` : `Docker ${version.Version}`,
    isPodman: podman !== undefined,
    tellsOutOfMemory: podman === undefined || info.CgroupVersion !== '1',
    isRootless: info.SecurityOptions?.some((option) => option.startsWith('name=rootless')) ?? false,
    isLocal: isHere,
    obstacle: obstacleOf(info),
    limits: { memory: info.MemoryLimit, cpu: info.CPUShares, pids: info.PidsLimit },
    ulimits: podman && isHere ? await ownUlimits() : [],
  };
}

/**
 * An engine in a virtual machine has a kernel of its own. Docker Desktop beside WSL has not, and is one nevertheless.
 */
function isOnThisMachine({ KernelVersion, OperatingSystem }: z.infer<typeof infoSchema>): boolean {
  return (
    process.platform === 'linux' && KernelVersion === release() && !OperatingSystem.includes('Docker Desktop')
  );
}

/**
 * Podman gives containers the most the kernel knows unless told, which takes a capability that its user, and not
 * every root, has. What this process may have can always be passed on.
 */
async function ownUlimits(): Promise<Ulimit[]> {
  const limits = await readFile('/proc/self/limits', 'utf8').catch(() => '');
  const names = [
    ['nofile', 'open files', Number.POSITIVE_INFINITY],
    ['nproc', 'processes', PODMAN_NPROC],
  ] as const;
  return names.flatMap(([Name, title, most]) => {
    const own = Number(new RegExp(`^Max ${title}\\s+\\d+\\s+(\\d+)`, 'm').exec(limits)?.[1]);
    const hard = Math.min(own, most);
    return hard ? [{ Name, Soft: hard, Hard: hard }] : [];
  });
}

function obstacleOf({ OSType }: z.infer<typeof infoSchema>): string | null {
  if (OSType !== 'linux') return `it runs ${OSType} containers, and Linux containers are needed`;
  if (process.platform === 'win32')
    return 'paths of Windows do not exist in its containers; run Vitrine in WSL';
  return null;
}

/** Who services run as inside: `uid:gid`. */
export function containerUser(owner: Owner | null, { isRootless }: EngineInfo): string {
  // A rootless engine shows the user's own files as root's; every other uid inside is nobody out here.
  if (isRootless && owner && owner.uid === process.getuid?.()) return '0:0';
  return owner ? `${owner.uid}:${owner.gid}` : '1000:1000';
}

export const NO_ISOLATION: Isolation = {
  network: 'none',
  files: 'none',
  processes: 'none',
  memory: 'none',
  cpu: 'none',
  disk: 'none',
  pids: 'none',
};

export function isolationOf({ limits, isLocal }: EngineInfo): Isolation {
  return {
    network: 'enforced',
    files: 'enforced',
    processes: 'enforced',
    memory: limits.memory ? 'enforced' : 'none',
    cpu: limits.cpu ? 'enforced' : 'none',
    // A single file is limited everywhere; what all take together is measured where it can be told from others' files.
    disk: isLocal ? 'watched' : 'none',
    pids: limits.pids ? 'enforced' : 'none',
  };
}
