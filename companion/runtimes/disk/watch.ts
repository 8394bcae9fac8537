import { stat, statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import { writtenSince } from './growth.ts';

/** Of a disk: less than this free counts as full, as hardly anything can be written any more. */
const FULL_SHARE = 0.005;
/** Of the limit: less than this much more written is no reason to measure again. */
const STEP_SHARE = 0.05;

export interface DiskWatchOptions {
  /** Those the pod may write to. */
  directories: string[];
  limitBytes: number;
  /**
   * What the pod's processes have written so far, all told; null where that is not known. Without it, the space that
   * the file system has lost since stands for it.
   */
  writtenBytes?(): Promise<number | null>;
}

/**
 * Tells whether a pod wrote more than its limit to its directories since this was made, without looking through them
 * until it can have: as long as its processes wrote less than what is left, nothing is measured. Files that others
 * wrote (an agent beside the pod) count only once the pod has written as much itself.
 */
export class DiskWatch {
  readonly #options: DiskWatchOptions;
  readonly #since = Date.now();
  /** Measure when this much was written. */
  #dueAt: number;
  #written = 0;
  #full = false;
  #measured: number | null = null;
  #free: Promise<number | null>;

  constructor(options: DiskWatchOptions) {
    this.#options = options;
    this.#dueAt = options.limitBytes;
    this.#free = this.#freeBytes();
  }

  /** As last measured; null while there was no reason to. */
  get measuredBytes(): number | null {
    return this.#measured;
  }

  /** Whether the limit is exceeded, newly so: answers true again only after more was written. */
  async isExceeded(signal?: AbortSignal): Promise<boolean> {
    const { directories, limitBytes } = this.#options;
    // Processes that ended take their count with them.
    this.#written = Math.max(this.#written, (await this.#countWritten()) ?? 0);
    if (this.#written < this.#dueAt) return false;
    const measured = await writtenSince(directories, this.#since, signal);
    this.#measured = measured;
    this.#dueAt = this.#written + Math.max(limitBytes - measured, limitBytes * STEP_SHARE);
    return measured > limitBytes;
  }

  /** Whether a directory that is a disk of its own has no room any more, newly so. */
  async hasFilled(): Promise<boolean> {
    const wasFull = this.#full;
    const full = await Promise.all(this.#options.directories.map(isFullDisk));
    this.#full = full.includes(true);
    return this.#full && !wasFull;
  }

  async #countWritten(): Promise<number | null> {
    const counted = await this.#options.writtenBytes?.();
    if (typeof counted === 'number') return counted;
    const [before, now] = await Promise.all([this.#free, this.#freeBytes()]);
    return before === null || now === null ? null : before - now;
  }

  async #freeBytes(): Promise<number | null> {
    try {
      const sizes = await Promise.all(this.#options.directories.map((directory) => statfs(directory)));
      return sizes.reduce((sum, { bavail, bsize }) => sum + bavail * bsize, 0);
    } catch {
      return null;
    }
  }
}

async function isFullDisk(directory: string): Promise<boolean> {
  try {
    const [own, above] = await Promise.all([stat(directory), stat(dirname(directory))]);
    if (own.dev === above.dev) return false; // a part of the machine's disk
    const { bavail, blocks } = await statfs(directory);
    return bavail < blocks * FULL_SHARE;
  } catch {
    return false;
  }
}
