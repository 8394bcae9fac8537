import { createHash, randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import type { Isolation } from '#shared/api/environment.ts';
import type { GatewayAddress } from '../gateway/server.ts';
import { makeSocketPlace, type SocketPlace } from '../gateway/socket-place.ts';
import { giveTree, podOwner } from '../ownership.ts';
import { programFile } from '../programs.ts';
import { untilReady } from '../readiness.ts';
import type { Pod, PodSpec, Runtime, RuntimeProbe } from '../runtime.ts';
import { homeDirectory } from '../service-environment.ts';
import { type BubblewrapProbe, probeBubblewrap, sandboxArguments } from './bubblewrap.ts';
import { createGroup, type Group, sweepGroups } from './cgroup/group.ts';
import { findHierarchies, type Hierarchies } from './cgroup/hierarchies.ts';
import { isVisible, podView } from './file-view.ts';
import { identify, isAlive, type ProcessIdentity } from './identity.ts';
import { launch } from './launch.ts';
import { ProcessPod } from './pod.ts';
import { PodRegistry } from './pod-registry.ts';
import { serviceSearchPath } from './search-path.ts';
import { ServiceTable } from './service-table.ts';
import type { SupervisorReport } from './supervisor/protocol.ts';
import { SupervisorLink } from './supervisor-link.ts';

/** How long processes that were ended may take to be gone. */
const SWEEP_DEADLINE_MS = 3_000;
/** Where the pod sees its socket directory and the supervisor's program. */
const INSIDE_GATEWAY = '/run/vitrine/gateway';
const INSIDE_PROGRAMS = '/run/vitrine/programs';

export interface ProcessRuntimeOptions {
  /** Where the runtime keeps what it has to know after a crash. One companion at a time. */
  stateDirectory: string;
  /** Never shown to a pod, even where a mount around them would: the companion's token is in there. */
  hidden?: string[];
  /** `none`: never use bubblewrap. For tests, and for machines where it misbehaves. */
  sandbox?: 'auto' | 'none';
}

/** The embedded default: pods of plain processes, in bubblewrap where that works. */
export class ProcessRuntime implements Runtime {
  readonly name = 'process';
  readonly #stateDirectory: string;
  readonly #hidden: string[];
  readonly #sandbox: 'auto' | 'none';
  readonly #registry: PodRegistry;
  /** First part of the names of our control groups, so that no other home's are taken for ours. */
  readonly #groupPrefix: string;
  #capabilities: Promise<{ bubblewrap: BubblewrapProbe; hierarchies: Hierarchies }> | null = null;

  constructor({ stateDirectory, hidden = [], sandbox = 'auto' }: ProcessRuntimeOptions) {
    this.#stateDirectory = stateDirectory;
    this.#hidden = [stateDirectory, ...hidden];
    this.#sandbox = sandbox;
    this.#registry = new PodRegistry(stateDirectory);
    this.#groupPrefix = `${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 12)}-`;
  }

  async probe(signal?: AbortSignal): Promise<RuntimeProbe> {
    const { bubblewrap, hierarchies } = await this.#detect(signal);
    return {
      available: true,
      detail: bubblewrap.detail,
      isolation: isolationOf(bubblewrap.works, Object.keys(hierarchies.parents)),
    };
  }

  async createPod(spec: PodSpec, signal: AbortSignal): Promise<Pod> {
    signal.throwIfAborted();
    const { bubblewrap, hierarchies } = await this.#detect(signal);
    const podId = randomBytes(6).toString('hex');
    const owner = await podOwner(spec.worktree);
    const changesUser = owner !== null && owner.uid !== process.getuid?.();
    const temporary = bubblewrap.works ? '/tmp' : join(spec.dataDirectory, 'tmp');
    await mkdir(homeDirectory(spec.dataDirectory), { recursive: true, mode: 0o700 });
    if (!bubblewrap.works) await mkdir(temporary, { recursive: true, mode: 0o700 });
    await giveTree(spec.dataDirectory, owner);

    const undo: (() => Promise<unknown>)[] = [];
    try {
      const place = await makeSocketPlace(spec.runDirectory);
      undo.push(() => place.remove());
      const group = await createGroup(
        hierarchies,
        `${this.#groupPrefix}${spec.environmentId}-${podId}`,
        spec.limits,
      );
      if (group) undo.unshift(() => group.remove());
      const command = bubblewrap.works
        ? await this.#sandboxed(spec, place, changesUser)
        : await this.#plain(place);
      signal.throwIfAborted();

      const calls = new Map<number, () => void>();
      const ready = Promise.withResolvers<GatewayAddress>();
      const onReport = (report: SupervisorReport) => {
        if (report.type === 'ready') ready.resolve(report.address);
        else if (report.type === 'failed') ready.reject(new Error(report.message));
        else if (report.type === 'done') calls.get(report.call)?.();
        else services.handle(report);
      };
      const link = new SupervisorLink(launch(command.argv, group, command.env), onReport);
      const services = new ServiceTable((message) => link.send(message), oomWatch(group));
      undo.unshift(async () => {
        link.hangUp();
        link.kill();
        await link.ended;
        await this.#registry.delete(podId);
      });
      await this.#record(podId, spec.environmentId, link, place);
      link.send({
        type: 'init',
        secret: spec.secret,
        listen: command.listen,
        ownsProcesses: bubblewrap.works,
        ...(changesUser && owner ? { user: owner } : {}),
      });
      const address = await untilReady(
        ready.promise,
        link.ended.then(() => link.complaint),
        signal,
      );
      if (bubblewrap.works) await place.take();

      return new ProcessPod({
        link,
        services,
        calls,
        isolation: isolationOf(bubblewrap.works, group?.enforces ?? []),
        // The gateway's own word for its socket is the path inside.
        address: 'socket' in address ? { socket: place.socket } : address,
        secret: spec.secret,
        dataDirectory: spec.dataDirectory,
        path: command.path,
        temporaryDirectory: temporary,
        onServicePid: (pid) => void this.#recordService(podId, pid),
        cleanUp: async () => {
          await Promise.all([group?.remove(), place.remove()]);
          await this.#registry.delete(podId);
        },
      });
    } catch (error) {
      for (const step of undo) await step().catch(() => {});
      throw error;
    }
  }

  async sweep(): Promise<void> {
    const records = await this.#registry.load();
    const victims: ProcessIdentity[] = [];
    for (const { supervisor, services, directories } of records) {
      for (const process of [supervisor, ...services]) {
        if (!(await isAlive(process))) continue;
        victims.push(process);
        endGroup(process.pid);
      }
      for (const directory of directories) await removeOwnTemporary(directory);
    }
    await allGone(victims);
    const { hierarchies } = await this.#detect();
    await sweepGroups(hierarchies, this.#groupPrefix);
    await this.#registry.clear();
  }

  async #detect(signal?: AbortSignal) {
    this.#capabilities ??= Promise.all([
      this.#sandbox === 'none'
        ? { works: false, detail: 'Plain processes: nothing is kept apart' }
        : probeBubblewrap(signal),
      findHierarchies(),
    ])
      .then(([bubblewrap, hierarchies]) => ({ bubblewrap, hierarchies }))
      .catch((error: unknown) => {
        this.#capabilities = null; // aborted: the next caller finds out
        throw error;
      });
    return this.#capabilities;
  }

  async #sandboxed(spec: PodSpec, place: SocketPlace, changesUser: boolean): Promise<PodCommand> {
    const program = await programFile('supervisor', this.#stateDirectory);
    const inside = `${INSIDE_PROGRAMS}/${basename(program)}`;
    const view = await podView(
      {
        ...spec,
        mounts: [
          ...spec.mounts,
          { source: place.shared, target: INSIDE_GATEWAY, writable: true },
          { source: program, target: inside },
        ],
      },
      this.#hidden,
    );
    const path = serviceSearchPath((directory) => isVisible(view, directory));
    const tmpBytes = spec.limits.memory_mb * 1024 * 1024;
    const sandbox = sandboxArguments({ view, tmpBytes, changesUser, env: { PATH: path, LANG: 'C.UTF-8' } });
    return {
      argv: ['bwrap', ...sandbox, '--', process.execPath, inside],
      env: { PATH: process.env.PATH },
      listen: { socket: `${INSIDE_GATEWAY}/gateway.sock` },
      path,
    };
  }

  async #plain(place: SocketPlace): Promise<PodCommand> {
    const program = await programFile('supervisor', this.#stateDirectory);
    const path = serviceSearchPath(() => true);
    return {
      argv: [process.execPath, program],
      env: { PATH: path, ...(process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot } : {}) },
      listen: process.platform === 'win32' ? { port: 0 } : { socket: place.socket },
      path,
    };
  }

  async #record(
    podId: string,
    environmentId: string,
    link: SupervisorLink,
    place: SocketPlace,
  ): Promise<void> {
    const supervisor = link.pid === undefined ? null : await identify(link.pid);
    if (!supervisor) return; // not started: untilReady says why
    const directories = place.extraDirectory ? [place.extraDirectory] : [];
    await this.#registry.set(podId, { environmentId, supervisor, services: [], directories });
  }

  async #recordService(podId: string, pid: number): Promise<void> {
    const service = await identify(pid);
    if (service) await this.#registry.addService(podId, service).catch(() => {});
  }
}

interface PodCommand {
  argv: string[];
  env: Record<string, string | undefined>;
  listen: GatewayAddress;
  /** PATH of services. */
  path: string;
}

const REMOVE = { recursive: true, force: true } as const;

function isolationOf(sandboxed: boolean, controllers: readonly string[]): Isolation {
  const level = (enforced: boolean) => (enforced ? 'enforced' : 'none');
  return {
    network: level(sandboxed),
    files: level(sandboxed),
    processes: level(sandboxed),
    memory: level(controllers.includes('memory')),
    cpu: level(controllers.includes('cpu')),
    disk: 'none',
    pids: 'none',
  };
}

/** Answers whether the kernel ended something for want of memory since it was last asked. */
function oomWatch(group: Group | null): () => Promise<boolean> {
  let seen = 0;
  return async () => {
    const kills = (await group?.oomKills()) ?? 0;
    const isNew = kills > seen;
    seen = kills;
    return isNew;
  };
}

/** Ends a process and its group, which it leads. */
function endGroup(pid: number): void {
  for (const target of [-pid, pid]) {
    try {
      process.kill(target, 'SIGKILL');
    } catch {
      // Gone already.
    }
  }
}

async function allGone(processes: ProcessIdentity[]): Promise<void> {
  const deadline = performance.now() + SWEEP_DEADLINE_MS;
  for (const process of processes) {
    while ((await isAlive(process)) && performance.now() < deadline) await delay(20);
  }
}

/** Only directories that makeSocketPlace makes, whatever a damaged file names. */
async function removeOwnTemporary(directory: string): Promise<void> {
  if (/\/vitrine-[A-Za-z0-9]{6}$/.test(directory)) await rm(directory, REMOVE);
}
