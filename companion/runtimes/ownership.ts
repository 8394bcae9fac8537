import { lchown, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';

export interface Owner {
  uid: number;
  gid: number;
}

/**
 * Who a pod runs as. A companion that is root takes the worktree owner's ids, so that files a backend writes stay
 * the user's; any other companion can only be itself. Null where there are no numeric ids (Windows).
 */
export async function podOwner(worktree: string): Promise<Owner | null> {
  const uid = process.getuid?.();
  const gid = process.getgid?.();
  if (uid === undefined || gid === undefined) return null;
  if (uid !== 0) return { uid, gid };
  const owner = await stat(worktree);
  return { uid: owner.uid, gid: owner.gid };
}

/**
 * Gives a directory made by a companion that is root to the pod's owner. Symbolic links are not followed. Only for
 * directories no service is using yet.
 */
export async function giveTree(path: string, owner: Owner | null): Promise<void> {
  if (process.getuid?.() !== 0 || owner === null || owner.uid === 0) return;
  await lchown(path, owner.uid, owner.gid);
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await giveTree(child, owner);
    else await lchown(child, owner.uid, owner.gid);
  }
}
