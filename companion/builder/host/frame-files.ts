import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { VitrineError } from '#shared/errors.ts';

const NAMES = new Set([
  'shim.js',
  'worker.js',
  'driver.js',
  'companion.js',
  'shim.js.map',
  'worker.js.map',
  'driver.js.map',
  'companion.js.map',
]);
const directory = fileURLToPath(new URL('../../../.output/frame', import.meta.url));

/** Path of one of the page's own scripts. Throws FRAME_NOT_BUILT when they were not built. */
export function frameFile(name: string): string {
  const file = join(directory, name);
  if (NAMES.has(name) && existsSync(file)) return file;
  throw new VitrineError({
    code: 'FRAME_NOT_BUILT',
    message: `The preview page's script ${name.slice(0, 40)} is not there.`,
    remedy: 'Run `npm run build`.',
  });
}

export const isFrameFile = (name: string): boolean => NAMES.has(name);
