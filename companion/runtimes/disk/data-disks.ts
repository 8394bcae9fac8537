import { access, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';
import type { Owner } from '../ownership.ts';
import { createImage, exists, imageOf, mountImage, resizeImage } from './image.ts';
import { IMAGE_NAME, loopMountsBelow, system, unmount } from './loop-mounts.ts';

/**
 * Private data directories of environments as disks of limited size: an ext4 image, in the directory itself and hidden
 * by being mounted over it, so that it goes with the directory. A full one answers ENOSPC. Only a companion that is
 * root on Linux can do this.
 */
export class DataDisks {
  readonly #root: string;
  #works: Promise<string | null> | null = null;
  /** One thing at a time for each directory: prepare and release may meet. */
  readonly #turns = new Map<string, Promise<unknown>>();

  /** `root`: the directory that holds all data directories. */
  constructor(root: string) {
    this.#root = root;
  }

  /** Null when it works, else why not. Found out by mounting one, once. */
  obstacle(): Promise<string | null> {
    this.#works ??= this.#try();
    return this.#works;
  }

  /**
   * Makes a directory ready to be used: mounted, at most `limitMb` large, with all it held. Does nothing where it is
   * mounted already. Answers whether the size is enforced; where it cannot be, the directory stays a plain one. Throws
   * DATA_DISK_UNAVAILABLE when the data is on a disk that cannot be mounted here.
   */
  prepare(directory: string, limitMb: number, owner: Owner | null, signal: AbortSignal): Promise<boolean> {
    return this.#inTurn(directory, async () => {
      signal.throwIfAborted();
      await mkdir(directory, { recursive: true, mode: 0o700 });
      if (await this.#isMounted(directory)) return true;
      const hasImage = await exists(imageOf(directory));
      const obstacle = await this.obstacle();
      if (obstacle !== null) {
        if (hasImage) throw unavailable(directory, obstacle);
        return false;
      }
      try {
        if (hasImage) await resizeImage(imageOf(directory), limitMb, signal);
        else await createImage(directory, limitMb, owner, signal);
        await mountImage(imageOf(directory), directory, signal);
      } catch (error) {
        // Mounted by the program that the abort came too late for.
        await this.#unmountOwn(directory);
        signal.throwIfAborted();
        throw unavailable(directory, error instanceof Error ? error.message : String(error), error);
      }
      return true;
    });
  }

  /** Unmounts a directory that nothing uses any more. The data stays. Idempotent. */
  release(directory: string): Promise<void> {
    return this.#inTurn(directory, () => this.#unmountOwn(directory));
  }

  /** Unmounts what an earlier companion left mounted, and removes what it left half made. */
  async sweep(): Promise<void> {
    for (const { mountPoint } of await loopMountsBelow(this.#root)) await unmount(mountPoint);
    for (const name of await readdir(this.#root).catch(() => [])) {
      const path = join(this.#root, name);
      if (name.startsWith('.vitrine-disk-')) await rm(path, { recursive: true, force: true });
      else await rm(`${imageOf(path)}.partial`, { force: true }).catch(() => {}); // a file, not a directory
    }
  }

  async #unmountOwn(directory: string): Promise<void> {
    if (await this.#isMounted(directory)) await unmount(directory);
  }

  async #isMounted(directory: string): Promise<boolean> {
    return (await loopMountsBelow(this.#root)).some(({ mountPoint }) => mountPoint === directory);
  }

  async #try(): Promise<string | null> {
    if (process.platform !== 'linux') return 'only Linux can mount a file';
    if (process.getuid?.() !== 0) return 'only root can mount a file';
    const probe = join(this.#root, '.vitrine-disk-probe');
    const image = join(probe, IMAGE_NAME);
    try {
      await access('/dev/loop-control');
      await rm(probe, { recursive: true, force: true });
      await mkdir(probe, { recursive: true, mode: 0o700 });
      await createImage(probe, 16, null, AbortSignal.timeout(20_000));
      await mountImage(image, probe);
      await unmount(probe);
      await system('e2fsck', ['-n', image]);
      await system('resize2fs', ['-P', image]);
      return null;
    } catch (error) {
      await unmount(probe).catch(() => {});
      return error instanceof Error ? (error.message.trim().split('\n').at(-1) ?? '') : String(error);
    } finally {
      await rm(probe, { recursive: true, force: true }).catch(() => {});
    }
  }

  #inTurn<T>(directory: string, act: () => Promise<T>): Promise<T> {
    const before = this.#turns.get(directory) ?? Promise.resolve();
    const turn = before.then(act, act);
    const settled = turn.then(
      () => {},
      () => {},
    );
    this.#turns.set(directory, settled);
    void settled.then(() => {
      if (this.#turns.get(directory) === settled) this.#turns.delete(directory);
    });
    return turn;
  }
}

function unavailable(directory: string, why: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'DATA_DISK_UNAVAILABLE',
    message: `The data in ${directory} is on a disk image that cannot be mounted: ${why}`,
    remedy: 'Run Vitrine as the user it ran as before, or remove the environment to start with fresh data.',
    status: 500,
    cause,
  });
}
