import { release } from 'node:os';
import type { Isolation } from '#shared/api/environment.ts';
import { type BubblewrapProbe, probeBubblewrap } from './bubblewrap.ts';
import { findHierarchies, type Hierarchies } from './cgroup/hierarchies.ts';
import { probeScopes, type ScopeProbe } from './cgroup/scope.ts';

/** What this machine lets the runtime do. */
export interface Capabilities {
  bubblewrap: BubblewrapProbe;
  /** Control groups that this process may make itself. */
  hierarchies: Hierarchies;
  /** Control groups that the user's systemd makes for it, where it may make none. */
  scopes: ScopeProbe;
}

const NO_HIERARCHIES: Hierarchies = { version: 2, parents: {} };

/** Finds it out by trying, but for what is to be left out. */
export async function detectCapabilities(
  { sandbox, groups }: Record<'sandbox' | 'groups', 'auto' | 'none'>,
  signal?: AbortSignal,
): Promise<Capabilities> {
  const [bubblewrap, hierarchies] = await Promise.all([
    sandbox === 'none'
      ? { works: false, detail: 'Plain processes: nothing is kept apart' }
      : probeBubblewrap(signal),
    groups === 'none' ? NO_HIERARCHIES : findHierarchies(),
  ]);
  const canMakeGroups = Object.keys(hierarchies.parents).length > 0;
  const scopes = canMakeGroups || groups === 'none' ? { controllers: [] } : await probeScopes(signal);
  return { bubblewrap, hierarchies, scopes };
}

/**
 * Whether RLIMIT_NPROC counts the processes of a sandbox alone: in a user namespace of its own, since Linux 5.14.
 * Elsewhere it counts all of the user's, browser and editor included, and is of no use.
 */
export function countsOwnProcesses({ bubblewrap }: Capabilities): boolean {
  const [major = 0, minor = 0] = release().split('.').map(Number);
  const isRecent = major > 5 || (major === 5 && minor >= 14);
  return bubblewrap.works && process.getuid?.() !== 0 && isRecent;
}

/** Whether the kernel bounds the processes of a pod. */
export function limitsProcesses(capabilities: Capabilities, controllers: readonly string[]): boolean {
  return controllers.includes('pids') || countsOwnProcesses(capabilities);
}

/** What pods isolate, given the controllers that limit them. */
export function isolationOf(capabilities: Capabilities, controllers: readonly string[]): Isolation {
  const level = (enforced: boolean) => (enforced ? 'enforced' : 'none');
  const sandboxed = capabilities.bubblewrap.works;
  const canSee = process.platform !== 'win32';
  return {
    network: level(sandboxed),
    files: level(sandboxed),
    processes: level(sandboxed),
    memory: controllers.includes('memory') ? 'enforced' : canSee ? 'watched' : 'none',
    cpu: level(controllers.includes('cpu')),
    disk: canSee ? 'watched' : 'none',
    pids: limitsProcesses(capabilities, controllers) ? 'enforced' : canSee ? 'watched' : 'none',
  };
}

/** One sentence for each limit, for `vitrine doctor`: how it is kept, or why it is not. */
export function explainLimits(
  capabilities: Capabilities,
  controllers: readonly string[],
): Record<'memory' | 'cpu' | 'disk' | 'pids', string> {
  const isolation = isolationOf(capabilities, controllers);
  const by =
    capabilities.scopes.controllers.length > 0 ? 'control groups of your systemd' : 'a control group';
  return {
    memory: {
      enforced: `The kernel keeps each sandbox to memory_mb (${by}).`,
      watched:
        'There is no control group to use: the largest service is ended when a sandbox is seen above memory_mb, which can take seconds.',
      none: 'This platform does not tell what processes use: memory_mb has no effect.',
    }[isolation.memory],
    cpu:
      isolation.cpu === 'enforced'
        ? `cpu_shares weighs each sandbox against the others (${by}).`
        : 'There is no control group to use: cpu_shares has no effect.',
    disk:
      isolation.disk === 'watched'
        ? 'No single file can exceed disk_mb; services are ended when what a sandbox wrote is seen above it, which can take seconds.'
        : 'This platform does not tell what processes write: disk_mb has no effect.',
    pids: {
      enforced: controllers.includes('pids')
        ? `The kernel keeps each sandbox to its number of processes (${by}).`
        : 'The kernel keeps each sandbox to its number of processes (RLIMIT_NPROC of its user namespace).',
      watched:
        'There is no control group to use: services are ended when a sandbox is seen with more processes than pids.',
      none: 'This platform does not tell which processes there are: pids has no effect.',
    }[isolation.pids],
  };
}
