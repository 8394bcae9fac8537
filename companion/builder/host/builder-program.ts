import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const SOURCES = fileURLToPath(new URL('../program', import.meta.url));
/** Made by `npm run build`. */
const BUILT = fileURLToPath(new URL('../.output/main.mjs', import.meta.url));

let chosen: string | undefined;

/** Path of the builder program: built, or its sources where they are newer or were never built. */
export function builderProgram(): string {
  chosen ??= isCurrent() ? BUILT : join(SOURCES, 'main.ts');
  return chosen;
}

function isCurrent(): boolean {
  const builtAt = statSync(BUILT, { throwIfNoEntry: false })?.mtimeMs;
  if (builtAt === undefined) return false;
  return readdirSync(SOURCES, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.name.endsWith('.test.ts'))
    .every(({ parentPath, name }) => statSync(join(parentPath, name)).mtimeMs <= builtAt);
}
