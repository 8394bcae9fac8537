import { lstat, mkdir, rm, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import type { Duplex } from 'node:stream';
import { egressEnv } from '../egress/egress-env.ts';
import type { EgressGate } from '../egress/egress-gate.ts';
import { giveTree, type Owner } from '../runtimes/ownership.ts';
import { outcomeOf, runToEnd } from '../runtimes/run-to-end.ts';
import type { Mount, PodSpec, Runtime } from '../runtimes/runtime.ts';
import { homeDirectory } from '../runtimes/service-environment.ts';
import { createSecret } from '../security/secrets.ts';
import { git } from '../worktrees/git.ts';
import { INSTALL_ENVIRONMENT, installCommand, MISSING, storeEnvironment } from './install-command.ts';
import { installFailed, managerMissing, notIgnored } from './install-errors.ts';
import { InstallMarks } from './install-marks.ts';
import { countPackages, type InstallCount, InstallProgress } from './install-progress.ts';
import type { PackageManager } from './package-manager.ts';
import type { RegistryAccess } from './registry-access.ts';
import { isInstallFinished, isInstallStale } from './stale.ts';

const EGRESS_PORT = 3_128;
/** Nothing listens there: an installation serves nothing. */
const SERVICE_PORT = 3_000;
/** A large project on a slow line. */
const DEADLINE_MS = 15 * 60_000;
/** Compilers and linkers of native packages need more than a backend does. */
const LIMITS = { memory_mb: 4_096, cpu_shares: 512, pids: 1_024, disk_mb: 10_240 };
const MEMORY_LIMIT = `the ${LIMITS.memory_mb} MB of an installation`;
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
  /** Tokens and settings for its registries. */
  access: RegistryAccess;
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
  const progress = new InstallProgress(manager, onCount);
  await writeAccess(options);
  const pod = await runtime.createPod(podSpec(options), signal).catch(async (error: unknown) => {
    progress.stop();
    await removeAccess(options.dataDirectory);
    throw error;
  });
  try {
    const { exit, lastLines, isLate } = await runToEnd(
      pod,
      {
        name: 'install',
        command: installCommand(manager),
        cwd: manager.root,
        env: {
          ...INSTALL_ENVIRONMENT,
          ...storeEnvironment(options.store),
          ...egressEnv(pod.outletPort('egress')),
          ...authorities(),
          ...options.access.variables,
        },
        port: SERVICE_PORT,
        deadlineMs: DEADLINE_MS,
        keptLines: KEPT_LINES,
        onOutput: (line, stream) => {
          progress.line(line);
          onLine(line, stream);
        },
      },
      signal,
    );
    if (isLate) throw installFailed(manager, `did not end within ${DEADLINE_MS / 60_000} minutes`, lastLines);
    if (exit.code === 127 && lastLines.includes(MISSING)) throw managerMissing(manager);
    if (exit.code !== 0) throw installFailed(manager, outcomeOf(exit, MEMORY_LIMIT), lastLines);
  } finally {
    progress.stop();
    await pod.destroy();
    await removeAccess(options.dataDirectory);
    gate.close();
  }
}

/** Into the sandbox's home, for as long as the installation takes. */
async function writeAccess({ dataDirectory, access, owner }: InstallOptions): Promise<void> {
  await removeAccess(dataDirectory);
  const [npmrc, yarnrc] = accessFiles(dataDirectory);
  const home = homeDirectory(dataDirectory);
  await mkdir(home, { recursive: true, mode: 0o700 });
  if (access.npmrc !== '') await writeFile(npmrc, access.npmrc, { mode: 0o600 });
  if (access.yarnrc !== '') await writeFile(yarnrc, access.yarnrc, { mode: 0o600 });
  await giveTree(home, owner);
}

/** Also of an installation that was cut off. `dataDirectory`: that of the installation. */
export async function removeAccess(dataDirectory: string): Promise<void> {
  const home = homeDirectory(dataDirectory);
  const isDirectory = (await lstat(home).catch(() => null))?.isDirectory() === true;
  // A link that an installation's scripts put there: what it leads to is none of ours.
  if (!isDirectory) await rm(home, { force: true });
  for (const file of accessFiles(dataDirectory)) await rm(file, { force: true });
}

function accessFiles(dataDirectory: string): [npmrc: string, yarnrc: string] {
  const home = homeDirectory(dataDirectory);
  return [join(home, '.npmrc'), join(home, '.yarnrc.yml')];
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
