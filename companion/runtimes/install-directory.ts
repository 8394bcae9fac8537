import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where Vitrine is installed. */
export const INSTALL_DIRECTORY = fileURLToPath(new URL('../..', import.meta.url)).replace(/[\\/]$/, '');

/** What a pod needs of it to run Vitrine's own programs, such as the builder; nothing else that may lie beside. */
const PARTS = ['package.json', 'companion', 'shared', 'node_modules'];

/** The host paths that pods see read-only so that Vitrine's own programs run there. */
export function installMounts(installDirectory = INSTALL_DIRECTORY): string[] {
  const parts = PARTS.map((part) => join(installDirectory, part)).filter((path) => existsSync(path));
  // Installed as a package: its dependencies lie beside it.
  const parent = dirname(installDirectory);
  return basename(parent) === 'node_modules' ? [parent] : parts;
}
