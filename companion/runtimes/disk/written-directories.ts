import type { PodSpec } from '../runtime.ts';

/** Where on this machine a pod's services can write. */
export const writtenDirectories = ({
  dataDirectory,
  worktree,
  mounts,
}: Pick<PodSpec, 'dataDirectory' | 'worktree' | 'mounts'>): string[] => [
  dataDirectory,
  worktree,
  ...mounts.flatMap(({ source, writable }) => (writable ? [source] : [])),
];
