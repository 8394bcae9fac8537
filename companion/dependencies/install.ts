import { mkdir, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { egressEnv } from '../egress/egress-env.ts';
import type { EgressGate } from '../egress/egress-gate.ts';
import { giveTree, type Owner } from '../runtimes/ownership.ts';
import type { Mount, PodSpec, Runtime, ServiceExit } from '../runtimes/runtime.ts';
import { createSecret } from '../security/secrets.ts';
import { git } from '../worktrees/git.ts';
import { INSTALL_ENVIRONMENT, installCommand, MISSING, storeEnvironment } from './install-command.ts';
import { installFailed, managerMissing, notIgnored } from './install-errors.ts';
import { InstallMarks } from './install-marks.ts';
import { countPackages, type InstallCount, InstallProgress } from './install-progress.ts';
import type { PackageManager } from './package-manager.ts';
import { isInstallFinished, isInstallStale } from './stale.ts';

const EGRESS_PORT = 3_128;
/** Nothing listens there: an installation serves nothing. */
const SERVICE_PORT = 3_000;
/** A large project on a slow line. */
const DEADLINE_MS = 15 * 60_000;
/** Compilers and linkers of native packages need more than a backend does. */
const LIMITS = { memory_mb: 4_096, cpu_shares: 512, pids: 1_024, disk_mb: 10_240 };
/** Of what the manager printed last, as much goes into the error. */
const KEPT_LINES = 20;

export interface InstallOptions {
  environmentId: string;
  worktree: string;
  manager: PackageManager;
  runtime: Runtime;
  /** Whom the store is given to. */
  owner: Owner | null;
  /** Private to the environment: HOME of the manager, sockets of its sandbox. */
  dataDirectory: string;
  runDirectory: string;
  /** Shared by the installations of a project. */
  store: string;
  /** Lets out to the registries and nowhere else. */
  gate: Pick<EgressGate, 'accept' | 'close'>;
  /** More that the sandbox sees. */
  mounts?: Mount[];
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
  onCount(count: InstallCount): void;
}

/**
 * Installs the packages of a worktree with the project's own package manager, in a sandbox of its own that reaches the
 * registries alone. What an installation that failed or was ended has made is removed again. Resolves with one
 * sentence. Throws DEPENDENCIES_NOT_IGNORED, PACKAGE_MANAGER_MISSING or INSTALL_FAILED.
 */
export async function installPackages(options: InstallOptions, signal: AbortSignal): Promise<string> {
  const { manager, worktree } = options;
  const target = join(manager.root, 'node_modules');
  if (!(await isIgnored(worktree, target, signal))) throw notIgnored(target);
  const isNew = (await mkdir(options.store, { recursive: true, mode: 0o700 })) !== undefined;
  if (isNew) await giveTree(options.store, options.owner);
  const marks = new InstallMarks(dirname(options.store), manager.root);
  await marks.begin();
  try {
    await runInstall(options, signal);
  } catch (error) {
    await rm(target, { recursive: true, force: true, maxRetries: 3 });
    await marks.remove();
    throw error;
  }
  await marks.finish();
  const count = await countPackages(manager.root);
  return `installed by ${manager.name}, ${count} ${count === 1 ? 'package' : 'packages'}`;
}

/**
 * Removes what an installation left that was cut off with the companion, and one of ours that is not what the lock
 * file says any more. What somebody else installed stays as it is.
 */
export async function removeUnfit(store: string, manager: PackageManager): Promise<void> {
  const marks = new InstallMarks(dirname(store), manager.root);
  const mark = await marks.read();
  if (mark === null) return;
  // Somebody may have completed what was cut off.
  const isFit = mark === 'installed' ? !(await isInstallStale(manager)) : await isInstallFinished(manager);
  if (isFit) return;
  await rm(join(manager.root, 'node_modules'), { recursive: true, force: true, maxRetries: 3 });
  await marks.remove();
}

async function runInstall(options: InstallOptions, signal: AbortSignal): Promise<void> {
  const { manager, runtime, gate, onLine, onCount } = options;
  const deadline = AbortSignal.timeout(DEADLINE_MS);
  const bounded = AbortSignal.any([signal, deadline]);
  const progress = new InstallProgress(manager, onCount);
  const lastLines: string[] = [];
  const pod = await runtime.createPod(podSpec(options), bounded).catch((error: unknown) => {
    progress.stop();
    throw error;
  });
  try {
    const service = await pod.startService(
      {
        name: 'install',
        command: installCommand(manager),
        cwd: manager.root,
        env: {
          ...INSTALL_ENVIRONMENT,
          ...storeEnvironment(options.store),
          ...egressEnv(pod.outletPort('egress')),
          ...authorities(),
        },
        port: SERVICE_PORT,
        onOutput: (line, stream) => {
          lastLines.push(line.slice(0, 300));
          if (lastLines.length > KEPT_LINES) lastLines.shift();
          progress.line(line);
          onLine(line, stream);
        },
      },
      bounded,
    );
    const stop = () => void service.stop();
    bounded.addEventListener('abort', stop, { once: true });
    if (bounded.aborted) stop();
    const exit = await service.exited;
    bounded.removeEventListener('abort', stop);
    signal.throwIfAborted();
    if (deadline.aborted)
      throw installFailed(manager, `did not end within ${DEADLINE_MS / 60_000} minutes`, lastLines);
    if (exit.code === 127 && lastLines.includes(MISSING)) throw managerMissing(manager);
    if (exit.code !== 0) throw installFailed(manager, outcomeOf(exit), lastLines);
  } finally {
    progress.stop();
    await pod.destroy();
    gate.close();
  }
}

function podSpec({
  environmentId,
  worktree,
  dataDirectory,
  runDirectory,
  store,
  gate,
  mounts = [],
}: InstallOptions): PodSpec {
  return {
    environmentId,
    secret: createSecret(),
    worktree,
    dataDirectory,
    runDirectory,
    mounts: [...mounts, { source: store, writable: true }, ...authorityMounts()],
    limits: LIMITS,
    outlets: [{ name: 'egress', port: EGRESS_PORT, accept: (connection: Duplex) => gate.accept(connection) }],
  };
}

/** Where a network has its own certificate authority, Node and its package managers are told by this variable. */
function authorities(): Record<string, string> {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  return file ? { NODE_EXTRA_CA_CERTS: file } : {};
}

function authorityMounts(): Mount[] {
  const file = process.env.NODE_EXTRA_CA_CERTS;
  return file && !file.startsWith('/etc/') ? [{ source: file }] : [];
}

/** Thousands of files that git would offer to commit are nothing to put into somebody's worktree. */
async function isIgnored(worktree: string, target: string, signal: AbortSignal): Promise<boolean> {
  return git(worktree, ['check-ignore', '--quiet', `${target}/${basename(target)}`], signal).then(
    () => true,
    () => false,
  );
}

function outcomeOf({ code, signal, outOfMemory }: ServiceExit): string {
  if (outOfMemory) return `used more than ${LIMITS.memory_mb} MB of memory and was ended`;
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}
