import { readdir } from 'node:fs/promises';
import { join } from 'node:path';

export const SAMPLE_DIRECTORY = join(import.meta.dirname, 'sample');
export const ATTEMPTS_DIRECTORY = join(import.meta.dirname, 'attempts');

/** One task of the sample: what a person asked for, and the overlay with the files an attempt at it changed. */
export interface SampleTask {
  /** Name of the overlay, of the worktree's folder and of the branch `attempt/<overlay>`. */
  overlay: string;
  title: string;
  description: string;
}

export const SAMPLE_TASKS: readonly SampleTask[] = [
  {
    overlay: 'warm-cards',
    title: 'Make the guestbook warm and let guests applaud',
    description: 'Cards in candlelight colours, and a button to applaud a note.',
  },
  {
    overlay: 'night-timeline',
    title: 'Show the notes as a timeline for the night',
    description: 'A dark page, notes along a line, and a search field.',
  },
];

/** Copying leaves out what a run of the sample may have left in its folder. */
export function belongsToSample(path: string): boolean {
  return !/[/\\](?:node_modules|dist|data)$/.test(path);
}

/** Names of the overlays on disk. */
export function listOverlays(): Promise<string[]> {
  return readdir(ATTEMPTS_DIRECTORY);
}
