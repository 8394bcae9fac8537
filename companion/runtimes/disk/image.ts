import { lstat, mkdir, mkdtemp, open, readdir, rename, rm, rmdir, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Owner } from '../ownership.ts';
import { IMAGE_NAME, system, unmount } from './loop-mounts.ts';

const BYTES_PER_MB = 1024 * 1024;
/** Small disks would lose a good part of their space to the default of 16 to 64 MB. */
const JOURNAL_MB = 4;
/** `discard` gives the space of deleted files back to the machine. */
const MOUNT_OPTIONS = 'loop,nosuid,nodev,noatime,discard';

export const imageOf = (directory: string) => join(directory, IMAGE_NAME);

export async function mountImage(image: string, mountPoint: string, signal?: AbortSignal): Promise<void> {
  await system('mount', ['-t', 'ext4', '-o', MOUNT_OPTIONS, image, mountPoint], signal);
  // Only for what e2fsck finds, and e2fsck can make it.
  await rmdir(join(mountPoint, 'lost+found')).catch(() => {});
}

/**
 * Makes a disk image in a directory, with what the directory holds already. Takes no space until it is written to. A
 * companion that is killed meanwhile leaves the directory as it was.
 */
export async function createImage(
  directory: string,
  limitMb: number,
  owner: Owner | null,
  signal: AbortSignal,
): Promise<void> {
  const image = imageOf(directory);
  const partial = `${image}.partial`;
  await rm(partial, { force: true });
  await allocate(partial, limitMb);
  try {
    const { uid, gid } = owner ?? (await stat(directory));
    const extended = `lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=${uid}:${gid}`;
    const options = ['-q', '-F', '-m', '0', '-J', `size=${JOURNAL_MB}`, '-E', extended];
    await system('mkfs.ext4', [...options, partial], signal);
    const kept = (await readdir(directory)).filter((name) => !name.startsWith(IMAGE_NAME));
    if (kept.length > 0) await copyInto(partial, directory, kept, signal);
    await rename(partial, image);
    for (const name of kept) await rm(join(directory, name), { recursive: true, force: true });
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Grows or shrinks an unmounted image. One that holds more than the new size stays as it is. */
export async function resizeImage(image: string, limitMb: number, signal: AbortSignal): Promise<void> {
  const { size } = await stat(image);
  if (size === limitMb * BYTES_PER_MB) return;
  // 1: errors were found and mended.
  await system('e2fsck', ['-f', '-p', image], signal).catch((error: unknown) => {
    if (!(error instanceof Error && 'code' in error && error.code === 1)) throw error;
  });
  const isGrowing = size < limitMb * BYTES_PER_MB;
  if (isGrowing) await allocate(image, limitMb);
  try {
    await system('resize2fs', [image, `${limitMb}M`], signal);
  } catch (error) {
    signal.throwIfAborted();
    if (isGrowing) throw error;
    return; // it holds more than that
  }
  if (!isGrowing) await allocate(image, limitMb);
}

async function allocate(file: string, megabytes: number): Promise<void> {
  const handle = await open(file, 'a', 0o600);
  try {
    await handle.truncate(megabytes * BYTES_PER_MB);
  } finally {
    await handle.close();
  }
}

async function copyInto(
  image: string,
  directory: string,
  names: string[],
  signal: AbortSignal,
): Promise<void> {
  await mkdir(dirname(directory), { recursive: true });
  const at = await mkdtemp(join(dirname(directory), '.vitrine-disk-'));
  try {
    await mountImage(image, at, signal);
    try {
      // With owners and times, which fs.cp does not keep.
      await system('cp', ['-a', '--', ...names.map((name) => join(directory, name)), at], signal);
    } finally {
      await unmount(at);
    }
  } finally {
    await rmdir(at).catch(() => {});
  }
}

/** Whether something exists, links themselves included. */
export async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  );
}
