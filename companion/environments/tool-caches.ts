import { createHash } from 'node:crypto';
import { lchown, mkdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { giveTree, type Owner } from '../runtimes/ownership.ts';
import type { Mount } from '../runtimes/runtime.ts';

/** Where tools write beside packages: Vite, what uses find-cache-dir (Babel, webpack, Nuxt), Astro, Nitro. */
const NAMES = ['.vite', '.vite-temp', '.cache', '.astro', '.nitro'];

/**
 * Writable places in packages that are shown read-only. They need a mount point on the host: an empty directory in the
 * main checkout's node_modules, which stays, as other previews may have something mounted there. `directory` must be out
 * of the pod's reach: a link that it put there would have another directory of the machine mounted.
 */
export async function toolCaches(
  packages: string,
  target: string,
  directory: string,
  owner: Owner | null,
): Promise<Mount[]> {
  const key = createHash('sha256').update(target).digest('hex').slice(0, 12);
  const mounts: Mount[] = [];
  for (const name of NAMES) {
    if (!(await makePoint(packages, name))) continue;
    const source = join(directory, 'tools', key, name);
    await mkdir(source, { recursive: true, mode: 0o700 });
    await giveTree(source, owner);
    mounts.push({ source, target: join(target, name), writable: true });
  }
  return mounts;
}

/** Whether it is there. A checkout that nobody may write to is shown without. */
async function makePoint(packages: string, name: string): Promise<boolean> {
  const point = join(packages, name);
  try {
    await mkdir(point);
    const { uid, gid } = await stat(packages);
    if (process.getuid?.() === 0) await lchown(point, uid, gid);
    return true;
  } catch {
    return (await stat(point).catch(() => null))?.isDirectory() === true;
  }
}
