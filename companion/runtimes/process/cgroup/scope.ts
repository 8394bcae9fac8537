import { execFile } from 'node:child_process';
import { access } from 'node:fs/promises';
import { promisify } from 'node:util';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import { cpuWeight, type Group } from './group.ts';
import type { Controller } from './hierarchies.ts';
import { removeGroup } from './remove.ts';
import { readCounts, readUsage } from './usage.ts';

const run = promisify(execFile);
const DEADLINE_MS = 5_000;
const MOUNT = '/sys/fs/cgroup';
const FILES: Record<Controller, string> = { memory: 'memory.max', pids: 'pids.max', cpu: 'cpu.weight' };

/** What scopes of the user's systemd limit. */
export interface ScopeProbe {
  controllers: Controller[];
}

/**
 * What a transient scope must carry: only the user's systemd may make groups below its own (systemd's
 * CGROUP_DELEGATION.md). Delegated, so that running out of memory ends one process and not the whole scope
 * (OOMPolicy= in systemd.scope(5)). The command keeps its process id: systemd-run becomes it.
 */
export function scopeCommand(unit: string, { memory_mb, cpu_shares, pids }: ResourceLimits): string[] {
  const properties = [
    'Delegate=yes',
    `MemoryMax=${memory_mb * 1024 * 1024}`,
    'MemorySwapMax=0',
    `TasksMax=${pids}`,
    `CPUWeight=${cpuWeight(cpu_shares)}`,
  ];
  return [
    ...['systemd-run', '--user', '--scope', '--quiet', '--collect', `--unit=${unit}`],
    ...properties.flatMap((property) => ['--property', property]),
    ...['--', 'env', ...BUS_VARIABLES.flatMap((name) => ['-u', name])],
  ];
}

const BUS_VARIABLES = ['XDG_RUNTIME_DIR', 'DBUS_SESSION_BUS_ADDRESS'];

/** What systemd-run needs of the companion's environment; the command behind it is started without. */
export function busEnvironment(): Record<string, string | undefined> {
  return Object.fromEntries(BUS_VARIABLES.map((name) => [name, process.env[name]]));
}

/** Finds out which limits really arrive, by starting one. None without cgroup v2 or a systemd of the user's. */
export async function probeScopes(signal?: AbortSignal): Promise<ScopeProbe> {
  const isPossible =
    process.platform === 'linux' &&
    process.env.XDG_RUNTIME_DIR &&
    (await exists(`${MOUNT}/cgroup.controllers`));
  if (!isPossible) return { controllers: [] };
  const limits = { memory_mb: 64, cpu_shares: 512, disk_mb: 16, pids: 32 };
  const script = `cd ${MOUNT}"$(sed -n 's/^0:://p' /proc/self/cgroup)" && grep . ${Object.values(FILES).join(' ')}`;
  try {
    const [file = '', ...rest] = scopeCommand(`vitrine-probe-${process.pid}-${Date.now()}`, limits);
    const options = { timeout: DEADLINE_MS, signal, env: { PATH: process.env.PATH, ...busEnvironment() } };
    const { stdout } = await run(file, [...rest, 'sh', '-c', `${script} 2>/dev/null; true`], options);
    return { controllers: parseProbe(stdout, limits) };
  } catch {
    signal?.throwIfAborted();
    return { controllers: [] };
  }
}

/** Lines `memory.max:67108864`: a controller counts when its file has what was asked for. */
export function parseProbe(stdout: string, { memory_mb, cpu_shares, pids }: ResourceLimits): Controller[] {
  const wanted = {
    memory: memory_mb * 1024 * 1024,
    pids,
    cpu: cpuWeight(cpu_shares),
  };
  return (Object.keys(FILES) as Controller[]).filter((name) =>
    stdout.split('\n').includes(`${FILES[name]}:${wanted[name]}`),
  );
}

/** The group of a process that was started in a scope. */
export function scopeGroup(directory: string, controllers: Controller[]): Group {
  const directories = Object.fromEntries(controllers.map((name) => [name, directory]));
  return {
    enforces: controllers,
    directories: [directory],
    join: async () => {}, // systemd put it there
    counts: () => readCounts(2, directories),
    usage: () => readUsage(2, directories),
    remove: () => removeGroup(directory),
  };
}

/** Where /proc/<pid>/cgroup says a scope is; null when the process is somewhere else. */
export function scopeDirectory(cgroupFile: string, unit: string): string | null {
  const path = /^0::(.*)$/m.exec(cgroupFile)?.[1];
  return path?.endsWith(`/${unit}.scope`) ? `${MOUNT}${path}` : null;
}

/** Ends the scopes of an earlier companion. */
export async function stopScopes(prefix: string): Promise<void> {
  const options = { timeout: DEADLINE_MS, env: { PATH: process.env.PATH, ...busEnvironment() } };
  await run('systemctl', ['--user', 'stop', `vitrine-${prefix}*.scope`], options).catch(() => {}); // none left
}

async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
