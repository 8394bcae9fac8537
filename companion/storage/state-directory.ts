import { chmodSync, mkdirSync } from 'node:fs';
import { rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';

/** Where everything the companion keeps lives: VITRINE_HOME, `~/.vitrine` unless set. */
export function stateDirectory(env: NodeJS.ProcessEnv = process.env): string {
  return resolve(env.VITRINE_HOME || join(homedir(), '.vitrine'));
}

/** The paths inside a state directory. */
export function statePaths(home: string) {
  return {
    home,
    companionFile: join(home, 'companion.json'),
    log: join(home, 'companion.log'),
    database: join(home, 'vitrine.sqlite'),
    sharedCache: join(home, 'cache'),
    /** A directory for each environment, which its pod may write to: nothing in it is to be trusted. */
    environments: join(home, 'environments'),
    /** What the companion itself keeps of each environment; no pod sees it. */
    own: join(home, 'own'),
    run: join(home, 'run'),
    runtime: join(home, 'runtime'),
    databases: join(home, 'databases'),
    packages: join(home, 'packages'),
  };
}
export type StatePaths = ReturnType<typeof statePaths>;

/** Creates the directory for its owner alone: what is inside opens the control API. */
export function prepareStateDirectory(home: string): StatePaths {
  const paths = statePaths(home);
  mkdirSync(home, { recursive: true, mode: 0o700 });
  chmodSync(home, 0o700);
  for (const directory of [paths.environments, paths.own, paths.run, paths.runtime]) {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
  }
  // Pods read it, also those that run as another user; on the host the directory above keeps it private.
  mkdirSync(paths.sharedCache, { recursive: true, mode: 0o755 });
  return paths;
}

/** Writes a file that only its owner may read, whole or not at all. */
export async function writePrivateFile(path: string, content: string): Promise<void> {
  const temporary = `${path}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, content, { mode: 0o600 });
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}
