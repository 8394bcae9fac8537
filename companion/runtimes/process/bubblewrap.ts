import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import { type FileView, systemView } from './file-view.ts';

const run = promisify(execFile);
const PROBE_DEADLINE_MS = 10_000;

/** Directories for temporary files, private to each sandbox. */
const TEMPORARY = ['/tmp', '/var/tmp'];

export interface SandboxOptions {
  view: FileView;
  /** Limit of each temporary directory, bytes: it is memory. */
  tmpBytes: number;
  /** Keeps the two capabilities with which the supervisor changes to the worktree owner's ids. */
  changesUser: boolean;
  env: Record<string, string>;
}

/**
 * Arguments of bubblewrap up to the command: own network (loopback only), process, IPC and host-name namespaces,
 * no capabilities, no terminal, an empty root with the view's paths, dead as soon as its parent is.
 */
export function sandboxArguments({ view, tmpBytes, changesUser, env }: SandboxOptions): string[] {
  const asRoot = process.getuid?.() === 0;
  const options = [
    // Root needs no user namespace, and inside one could not become the worktree's owner.
    ...(asRoot ? [] : ['--unshare-user']),
    ...['--unshare-net', '--unshare-pid', '--unshare-ipc', '--unshare-uts', '--hostname', 'sandbox'],
    ...['--die-with-parent', '--new-session', '--cap-drop', 'ALL'],
    ...(changesUser ? ['--cap-add', 'CAP_SETUID', '--cap-add', 'CAP_SETGID'] : []),
    ...['--clearenv', ...Object.entries(env).flatMap(([name, value]) => ['--setenv', name, value])],
    ...['--proc', '/proc'],
    // Root without capabilities may still write most of /proc/sys: that would be the machine's own settings.
    ...['--ro-bind', '/proc/sys', '/proc/sys', '--ro-bind-try', '/proc/sysrq-trigger', '/proc/sysrq-trigger'],
    ...['--dev', '/dev'],
    ...['--perms', '0755', '--dir', '/var'],
    // Two, not a link: worktrees lie in both, and must have the same path inside.
    ...TEMPORARY.flatMap((path) => ['--perms', '1777', '--size', String(tmpBytes), '--tmpfs', path]),
    ...view.links.flatMap(({ path, to }) => ['--symlink', to, path]),
  ];
  const mounts = [
    ...syntheticDirectories(view).map((path) => ({ at: path, options: ['--perms', '0755', '--dir', path] })),
    ...view.binds.map((bind) => ({
      at: bind.target,
      options: [bind.writable ? '--bind' : '--ro-bind', bind.source, bind.target],
    })),
    ...view.masks.map((mask) => ({ at: mask, options: ['--tmpfs', mask] })),
  ];
  mounts.sort((a, b) => a.at.split('/').length - b.at.split('/').length);
  return [...options, ...mounts.flatMap((mount) => mount.options), '--remount-ro', '/', '--chdir', '/'];
}

/** Directories above mounts that exist inside only. bubblewrap would make them for its own user alone. */
function syntheticDirectories({ binds, masks }: FileView): string[] {
  const shown = new Set(binds.map(({ target }) => target));
  const parents = new Set<string>();
  for (const path of [...shown, ...masks]) {
    for (
      let at = dirname(path);
      !shown.has(at) && !['/', ...TEMPORARY, ...masks].includes(at);
      at = dirname(at)
    ) {
      parents.add(at);
    }
  }
  return [...parents].filter((path) => !isBelowBind(path, shown, masks));
}

/** Whether what a path shows is the machine's: the nearest thing mounted above it is a bind, not an empty mask. */
function isBelowBind(path: string, shown: Set<string>, masks: string[]): boolean {
  for (let at = path; at !== '/'; at = dirname(at)) {
    if (masks.includes(at)) return false;
    if (shown.has(at)) return true;
  }
  return false;
}

export interface BubblewrapProbe {
  works: boolean;
  /** `bubblewrap 0.8.0`, or why it cannot be used. */
  detail: string;
}

/** Finds out by really running one. */
export async function probeBubblewrap(signal?: AbortSignal): Promise<BubblewrapProbe> {
  if (process.platform !== 'linux') {
    return { works: false, detail: `There is no sandbox for plain processes on ${process.platform}` };
  }
  const options = { timeout: PROBE_DEADLINE_MS, signal, env: { PATH: process.env.PATH } };
  let version: string;
  try {
    version = (await run('bwrap', ['--version'], options)).stdout.trim();
  } catch (error) {
    signal?.throwIfAborted();
    const missing = error instanceof Error && 'code' in error && error.code === 'ENOENT';
    return {
      works: false,
      detail: missing
        ? 'bubblewrap is not installed (package "bubblewrap"), so nothing is kept apart'
        : `bubblewrap does not run: ${reasonOf(error)}`,
    };
  }
  const system = systemView();
  const view: FileView = {
    binds: system.mounts.map(({ source }) => ({ source, target: source, writable: false })),
    links: system.links,
    masks: [],
  };
  const sandbox = sandboxArguments({ view, tmpBytes: 1 << 20, changesUser: false, env: {} });
  try {
    await run('bwrap', [...sandbox, '--', '/bin/sh', '-c', ':'], options);
    return { works: true, detail: version };
  } catch (error) {
    signal?.throwIfAborted();
    return {
      works: false,
      detail: `${version} is not allowed to make a sandbox here (${reasonOf(error)}), so nothing is kept apart`,
    };
  }
}

function reasonOf(error: unknown): string {
  const stderr = error instanceof Error && 'stderr' in error ? String(error.stderr).trim() : '';
  return (stderr || (error instanceof Error ? error.message : String(error))).split('\n')[0] ?? '';
}
