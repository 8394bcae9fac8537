import { type FileHandle, readlink, realpath } from 'node:fs/promises';

/**
 * Where an open file lies. By its descriptor: a path may lead elsewhere by now, and back again. Elsewhere than on Linux
 * no sandbox keeps an attempt's code from reading the files itself.
 */
export const placeOfOpen = (file: FileHandle, path: string): Promise<string> =>
  process.platform === 'linux' ? readlink(`/proc/self/fd/${file.fd}`) : realpath(path);
