import { isAbsolute, relative, sep } from 'node:path';

/** Whether `path` is `directory` or below it. Both absolute, symlinks resolved by the caller. */
export function isInside(directory: string, path: string): boolean {
  const way = relative(directory, path);
  return way === '' || (!way.startsWith(`..${sep}`) && way !== '..' && !isAbsolute(way));
}
