import { lchown, mkdir, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, join, normalize, relative } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import type { Mount } from '../runtime.ts';
import { isInside } from './paths.ts';

/** A host path shown inside a pod. */
export interface Bind {
  /** Absolute, symbolic links resolved. */
  source: string;
  /** Absolute path inside. */
  target: string;
  writable: boolean;
}

/**
 * Resolves mounts and orders them so that a mount below another one comes after it.
 *
 * Sandboxes create the mount points they need. Below a mount that would create them on the host, so there the
 * mount point must exist already, unless the mount asks for it; anywhere else it is made inside the sandbox only.
 */
export async function planMounts(mounts: Mount[]): Promise<Bind[]> {
  const binds = new Map<string, Bind>();
  for (const mount of mounts) {
    const bind = await resolveMount(mount);
    const same = binds.get(bind.target);
    if (same && same.source !== bind.source) {
      throw mountError(
        'MOUNT_CONFLICT',
        `${same.source} and ${bind.source} are both mounted at ${bind.target}`,
      );
    }
    if (!same || bind.writable) binds.set(bind.target, bind);
  }
  const made = new Set(mounts.flatMap(({ target, makePoint }) => (makePoint && target ? [target] : [])));
  const ordered = [...binds.values()].sort((a, b) => depth(a.target) - depth(b.target));
  for (const [index, bind] of ordered.entries()) {
    const parent = ordered.slice(0, index).findLast((other) => isInside(bind.target, other.target));
    if (!parent) continue;
    if (made.has(bind.target)) await makeMountPoint(bind, parent);
    await requireMountPoint(bind, parent);
  }
  return ordered;
}

async function resolveMount({ source, target = source, writable = false }: Mount): Promise<Bind> {
  if (!isAbsolute(target) || normalize(target) !== target.replace(/\/+$/, '') || target === '/') {
    throw mountError('MOUNT_INVALID', `Expected an absolute path inside the sandbox, got "${target}"`);
  }
  for (const reserved of ['/proc', '/dev', '/sys']) {
    if (isInside(target, reserved)) throw mountError('MOUNT_INVALID', `Nothing can be mounted at ${target}`);
  }
  const resolved = await realpath(source).catch((cause: unknown) => {
    throw mountError(
      'MOUNT_SOURCE_MISSING',
      `${source} cannot be shown to the sandbox: it does not exist`,
      cause,
    );
  });
  return { source: resolved, target: target.replace(/\/+$/, ''), writable };
}

/** The last directory of its path alone, for the owner of the one above; what is there stays. */
async function makeMountPoint(bind: Bind, parent: Bind): Promise<void> {
  const point = join(parent.source, relative(parent.target, bind.target));
  try {
    await mkdir(point);
    const { uid, gid } = await stat(dirname(point));
    if (process.getuid?.() === 0) await lchown(point, uid, gid);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST')
      throw mountError('MOUNT_TARGET_MISSING', `${bind.target} could not be made`, error);
  }
}

async function requireMountPoint(bind: Bind, parent: Bind): Promise<void> {
  const point = join(parent.source, relative(parent.target, bind.target));
  const [resolved, there, wanted] = await Promise.all([
    realpath(point).catch(() => null),
    stat(point).catch(() => null),
    stat(bind.source),
  ]);
  if (resolved !== point || there?.isDirectory() !== wanted.isDirectory()) {
    throw mountError(
      'MOUNT_TARGET_MISSING',
      `${bind.source} cannot be mounted at ${bind.target}: that is below the mount of ${parent.source}, where it does not exist`,
    );
  }
}

function mountError(code: string, message: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code,
    message,
    remedy: 'Mount it at a path that exists on this machine, or outside the worktree.',
    status: 422,
    cause,
  });
}

function depth(path: string): number {
  return path.split('/').length;
}
