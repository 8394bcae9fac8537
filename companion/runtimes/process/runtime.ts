import type { ChildProcess } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { mkdir, readFile } from 'node:fs/promises';
import { DiskWatch } from '../disk/watch.ts';
import { writtenDirectories } from '../disk/written-directories.ts';
import { connectThroughGateway } from '../gateway/client.ts';
import { openOutletLoopback, openOutletSockets } from '../gateway/outlet-sockets.ts';
import { makeSocketPlace, type SocketPlace } from '../gateway/socket-place.ts';
import { giveTree, podOwner } from '../ownership.ts';
import { programFile } from '../programs.ts';
import { untilReady } from '../readiness.ts';
import type { LimitEvent, Pod, PodSpec, Runtime, RuntimeProbe } from '../runtime.ts';
import { homeDirectory } from '../service-environment.ts';
import { childSupervisor, SupervisorLink } from '../supervisor/link.ts';
import { ServiceTable } from '../supervisor/service-table.ts';
import {
  type Capabilities,
  countsOwnProcesses,
  detectCapabilities,
  explainLimits,
  isolationOf,
  limitsProcesses,
} from './capabilities.ts';
import { createGroup, type Group } from './cgroup/group.ts';
import { MemoryEvents } from './cgroup/memory-events.ts';
import { sweepGroups } from './cgroup/remove.ts';
import { busEnvironment, scopeCommand, scopeDirectory, scopeGroup, stopScopes } from './cgroup/scope.ts';
import { etcCopy } from './etc-copy.ts';
import { identify } from './identity.ts';
import { joinGroup, launch, limitingFiles, sandboxProcess } from './launch.ts';
import { ProcessPod } from './pod.ts';
import { type CommandOptions, plainCommand, sandboxedCommand } from './pod-command.ts';
import { PodProcesses } from './pod-processes.ts';
import { PodRegistry } from './pod-registry.ts';
import { PodWatch } from './pod-watch.ts';
import { endRecorded } from './sweep.ts';

const BYTES_PER_MB = 1024 * 1024;
/** Nothing of a pod listens here: it is too low for those without rights. */
const UNUSED_PORT = 1;

export interface ProcessRuntimeOptions {
  /** Where the runtime keeps what it has to know after a crash. One companion at a time. */
  stateDirectory: string;
  /** Never shown to a pod, even where a mount around them would: the companion's token is in there. */
  hidden?: string[];
  /** `none`: never use bubblewrap. For tests, and for machines where it misbehaves. */
  sandbox?: 'auto' | 'none';
  /** `none`: never use control groups. */
  groups?: 'auto' | 'none';
}

/** The embedded default: pods of plain processes, in bubblewrap where that works. */
export class ProcessRuntime implements Runtime {
  readonly name = 'process';
  readonly #stateDirectory: string;
  readonly #hidden: string[];
  readonly #options: Required<Pick<ProcessRuntimeOptions, 'sandbox' | 'groups'>>;
  readonly #registry: PodRegistry;
  /** First part of the names of our control groups, so that no other home's are taken for ours. */
  readonly #groupPrefix: string;
  #capabilities: Promise<Capabilities> | null = null;

  constructor({ stateDirectory, hidden = [], sandbox = 'auto', groups = 'auto' }: ProcessRuntimeOptions) {
    this.#stateDirectory = stateDirectory;
    this.#hidden = [stateDirectory, ...hidden];
    this.#options = { sandbox, groups };
    this.#registry = new PodRegistry(stateDirectory);
    this.#groupPrefix = `${createHash('sha256').update(stateDirectory).digest('hex').slice(0, 12)}-`;
  }

  async probe(signal?: AbortSignal): Promise<RuntimeProbe> {
    const capabilities = await this.#detect(signal);
    const controllers = controllersOf(capabilities);
    return {
      available: true,
      detail: capabilities.bubblewrap.detail,
      isolation: isolationOf(capabilities, controllers),
      limits: explainLimits(capabilities, controllers),
    };
  }

  async prepare(): Promise<void> {
    await Promise.all([programFile('supervisor', this.#stateDirectory), etcCopy(this.#stateDirectory)]);
  }

  async createPod(spec: PodSpec, signal: AbortSignal): Promise<Pod> {
    signal.throwIfAborted();
    const capabilities = await this.#detect(signal);
    const undo: (() => unknown)[] = [];
    try {
      return await this.#create(spec, capabilities, undo, signal);
    } catch (error) {
      for (const step of undo.toReversed()) await Promise.resolve(step()).catch(() => {});
      throw error;
    }
  }

  async #create(
    spec: PodSpec,
    capabilities: Capabilities,
    undo: (() => unknown)[],
    signal: AbortSignal,
  ): Promise<Pod> {
    const sandboxed = capabilities.bubblewrap.works;
    const podId = randomBytes(6).toString('hex');
    const groupName = `${this.#groupPrefix}${spec.environmentId}-${podId}`;
    const place = await makeSocketPlace(spec.runDirectory);
    undo.push(() => place.remove());
    // Begun here, so that it is undone whatever fails beside it.
    const making = createGroup(capabilities.hierarchies, groupName, spec.limits);
    undo.push(async () => (await making)?.remove());
    const [owner] = await Promise.all([
      podOwner(spec.worktree),
      mkdir(homeDirectory(spec.dataDirectory), { recursive: true, mode: 0o700 }),
    ]);
    const changesUser = owner !== null && owner.uid !== process.getuid?.();
    const outlets = await openOutlets(spec, sandboxed, place);
    undo.push(() => outlets.close());
    const makeCommand = sandboxed ? sandboxedCommand : plainCommand;
    const options: CommandOptions = {
      stateDirectory: this.#stateDirectory,
      hidden: this.#hidden,
      changesUser,
      limitsProcesses: countsOwnProcesses(capabilities) && !controllersOf(capabilities).includes('pids'),
    };
    const [command, ownGroup] = await Promise.all([makeCommand(spec, place, options), making]);
    await giveTree(spec.dataDirectory, owner);
    signal.throwIfAborted();

    const scope = !ownGroup && capabilities.scopes.controllers.length > 0 ? `vitrine-${groupName}` : null;
    const argv = limitingFiles(command.argv, spec.limits);
    const child = scope
      ? launch([...scopeCommand(scope, spec.limits), ...argv], { ...command.env, ...busEnvironment() })
      : launch(argv, command.env);
    const link: SupervisorLink = new SupervisorLink(childSupervisor(child), (report) =>
      services.handle(report),
    );
    undo.push(async () => {
      link.hangUp();
      link.kill();
      await link.ended;
      await this.#registry.delete(podId);
    });
    const emit = (event: LimitEvent) => tell(spec, event);
    const grouped = this.#group(child, ownGroup, scope, capabilities, link.ready);
    // Known when it is used: a service ends long after the pod is ready.
    let memory = new MemoryEvents(null);
    const services = new ServiceTable(
      (message) => link.send(message),
      { claim: async () => memory.claim() },
      emit,
    );
    link.send({
      type: 'init',
      secret: spec.secret,
      listen: command.listen,
      outlets: command.outlets,
      ownsProcesses: sandboxed,
      ...(changesUser && owner ? { user: owner } : {}),
    });
    const [address, group] = await untilReady(
      Promise.all([link.ready, grouped, this.#record(podId, spec, child, place)]),
      link.ended.then(() => link.complaint),
      signal,
    );
    if (sandboxed) await place.take();
    // The gateway's own word for its socket is the path inside.
    const gateway = 'socket' in address ? { socket: place.socket } : address;
    // The first connection takes 3 ms, the next ones 1: V8 compiles what it meets. Let it do so while services start.
    if (sandboxed) {
      void connectThroughGateway({ address: gateway, secret: spec.secret, port: UNUSED_PORT }).then(
        (connection) => connection.destroy(),
        () => {}, // nothing listens there
      );
    }

    memory = new MemoryEvents(group);
    const enforced = group?.enforces ?? [];
    const processes = new PodProcesses(child.pid ?? 0, group);
    const canSee = process.platform !== 'win32';
    const disk = new DiskWatch({
      directories: writtenDirectories(spec),
      limitBytes: spec.limits.disk_mb * BYTES_PER_MB,
      writtenBytes: () => processes.writtenBytes(),
    });
    const watch = new PodWatch({
      processes,
      group,
      memory,
      disk: canSee ? disk : null,
      memoryLimitBytes: enforced.includes('memory') || !canSee ? null : spec.limits.memory_mb * BYTES_PER_MB,
      processLimit: limitsProcesses(capabilities, enforced) || !canSee ? null : spec.limits.pids,
      services: () => services.processes,
      end: (service, reason) => services.endFor(reason, service),
      endPod: () => link.kill(),
      emit,
    });
    return new ProcessPod({
      link,
      services,
      isolation: isolationOf(capabilities, enforced),
      address: gateway,
      secret: spec.secret,
      dataDirectory: spec.dataDirectory,
      path: command.path,
      temporaryDirectory: command.temporaryDirectory,
      outletPorts: outlets.ports,
      watch,
      usage: async () => {
        const usage = await processes.usage();
        return usage && disk.measuredBytes !== null ? { ...usage, diskBytes: disk.measuredBytes } : usage;
      },
      onServicePid: (pid) => void this.#recordService(podId, pid),
      cleanUp: async () => {
        outlets.close();
        await Promise.all([group?.remove(), place.remove()]);
        await this.#registry.delete(podId);
      },
    });
  }

  async sweep(): Promise<void> {
    await endRecorded(await this.#registry.load());
    const { hierarchies, scopes } = await this.#detect();
    await sweepGroups(hierarchies, this.#groupPrefix);
    if (scopes.controllers.length > 0) await stopScopes(this.#groupPrefix);
    await this.#registry.clear();
  }

  async #detect(signal?: AbortSignal): Promise<Capabilities> {
    this.#capabilities ??= detectCapabilities(this.#options, signal).catch((error: unknown) => {
      this.#capabilities = null; // aborted: the next caller finds out
      throw error;
    });
    return this.#capabilities;
  }

  /** The group that the pod's processes are in by the time this resolves. */
  async #group(
    child: ChildProcess,
    own: Group | null,
    scope: string | null,
    capabilities: Capabilities,
    ready: Promise<unknown>,
  ): Promise<Group | null> {
    if (own) {
      const first = capabilities.bubblewrap.works ? await sandboxProcess(child) : child.pid;
      if (first) await joinGroup(own, first);
      return own;
    }
    if (!scope) return null;
    await ready;
    const text = await readFile(`/proc/${child.pid}/cgroup`, 'utf8').catch(() => '');
    const directory = scopeDirectory(text, scope);
    return directory ? scopeGroup(directory, capabilities.scopes.controllers) : null;
  }

  async #record(
    podId: string,
    { environmentId, runDirectory }: PodSpec,
    child: ChildProcess,
    place: SocketPlace,
  ): Promise<void> {
    const supervisor = child.pid === undefined ? null : await identify(child.pid);
    if (!supervisor) return; // not started: untilReady says why
    const directories = place.extraDirectory ? [place.extraDirectory] : [];
    await this.#registry.set(podId, { environmentId, supervisor, services: [], runDirectory, directories });
  }

  async #recordService(podId: string, pid: number): Promise<void> {
    const service = await identify(pid);
    if (service) await this.#registry.addService(podId, service).catch(() => {});
  }
}

async function openOutlets(
  { outlets = [] }: PodSpec,
  sandboxed: boolean,
  place: SocketPlace,
): Promise<{ ports: ReadonlyMap<string, number>; close(): void }> {
  if (!sandboxed) return openOutletLoopback(outlets);
  const { close } = await openOutletSockets(outlets, place.outlets);
  return { close, ports: new Map(outlets.map(({ name, port }) => [name, port])) };
}

function controllersOf({ hierarchies, scopes }: Capabilities): string[] {
  const own = Object.keys(hierarchies.parents);
  return own.length > 0 ? own : scopes.controllers;
}

function tell({ onLimit }: PodSpec, event: LimitEvent): void {
  try {
    onLimit?.(event);
  } catch {
    // Whoever listens has troubles of its own: the pod must not have them too.
  }
}
