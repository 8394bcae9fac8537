import { sep } from 'node:path';

/** Whether a normalised absolute path is a directory itself or lies below it. */
export function isInside(path: string, directory: string): boolean {
  return path === directory || directory === sep || path.startsWith(directory + sep);
}
