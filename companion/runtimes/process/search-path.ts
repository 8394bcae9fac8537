import { existsSync, realpathSync } from 'node:fs';
import { basename, delimiter, dirname, isAbsolute, join } from 'node:path';
import { INSTALL_DIRECTORY } from '../install-directory.ts';
import { isInside } from '../mounts/paths.ts';

/** Directories of the companion's PATH that are the user's; npm scripts put Vitrine's own in front. */
export function userSearchPath(path = process.env.PATH ?? ''): string[] {
  const directories = path.split(delimiter).filter((directory) => isAbsolute(directory));
  return [...new Set(directories)].filter((directory) => !isInside(directory, INSTALL_DIRECTORY));
}

/** PATH of a service: the user's directories that are visible to it, then the Node that runs Vitrine. */
export function serviceSearchPath(isVisible: (path: string) => boolean, path?: string): string {
  const visible = userSearchPath(path).filter((directory) => {
    try {
      return isVisible(directory) && isVisible(realpathSync(directory));
    } catch {
      return false; // does not exist
    }
  });
  return [...new Set([...visible, dirname(process.execPath)])].join(delimiter);
}

/**
 * What to show of a Node so that it, its npm and its globally installed packages work. Never its whole prefix:
 * that may be ~/.local, with much beside that is nobody's business.
 */
export function nodeMounts(executable: string): string[] {
  const real = realpathSync(executable);
  const bin = dirname(real);
  const packages = join(dirname(bin), 'lib/node_modules');
  return basename(bin) === 'bin' && existsSync(join(packages, 'npm')) ? [bin, packages] : [real];
}

/** The `node` that the user's shell would run, or null. */
export function userNode(path?: string): string | null {
  const found = userSearchPath(path)
    .map((directory) => join(directory, 'node'))
    .find((file) => existsSync(file));
  return found ?? null;
}
