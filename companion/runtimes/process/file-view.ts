import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { installMounts } from '../install-directory.ts';
import { isInside } from '../mounts/paths.ts';
import { type Bind, planMounts } from '../mounts/plan.ts';
import type { Mount, PodSpec } from '../runtime.ts';
import { nodeMounts, userNode } from './search-path.ts';

/** What a sandbox sees of the machine, in mounting order. */
export interface FileView {
  binds: Bind[];
  /** Symbolic links of the root directory (`/bin` → `usr/bin`). */
  links: { path: string; to: string }[];
  /** Directories shown empty although a mount around them would show them. */
  masks: string[];
}

/** Programs and libraries. Those that are links on this machine become links inside. */
const SYSTEM_DIRECTORIES = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64', '/libx32'];
/** Package managers that keep whole systems elsewhere. */
const STORES = ['/nix/store', '/gnu/store', '/home/linuxbrew/.linuxbrew'];
/** The part of the view that every pod on this machine shares. */
export function systemView(): { mounts: Mount[]; links: FileView['links'] } {
  const links: FileView['links'] = [];
  const mounts: Mount[] = [];
  for (const path of SYSTEM_DIRECTORIES) {
    const entry = lstatSync(path, { throwIfNoEntry: false });
    if (entry?.isSymbolicLink()) links.push({ path, to: readlinkSync(path) });
    else if (entry?.isDirectory()) mounts.push({ source: path });
  }
  for (const path of STORES) if (existsSync(path)) mounts.push({ source: path });
  return { mounts, links };
}

/** What a pod sees: the system, Node, Vitrine's programs, its mounts, its data and its worktree. */
export async function podView(spec: PodSpec, hidden: string[]): Promise<FileView> {
  const system = systemView();
  const node = [process.execPath, userNode()].flatMap((file) => (file ? nodeMounts(file) : []));
  const shared = [...system.mounts, ...[...node, ...installMounts()].map((source) => ({ source }))];
  const covered = (path: string) =>
    shared.some((mount) => mount.source !== path && isInside(path, mount.source));
  const binds = await planMounts([
    ...shared.filter((mount) => !covered(mount.source)),
    ...spec.mounts,
    { source: spec.dataDirectory, writable: true },
    { source: spec.worktree, writable: true },
  ]);
  const masks = hidden.filter((path) => binds.some((bind) => isInside(path, bind.target)));
  return { binds, links: system.links, masks };
}

/** Whether a path inside shows something of the machine. */
export function isVisible({ binds, links }: FileView, path: string): boolean {
  return binds.some((bind) => isInside(path, bind.target)) || links.some((link) => isInside(path, link.path));
}
