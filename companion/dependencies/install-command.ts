import type { PackageManager } from './package-manager.ts';

/** What corepack asks before it fetches a manager would wait for an answer forever. */
export const INSTALL_ENVIRONMENT: Record<string, string> = {
  CI: '1',
  COREPACK_ENABLE_DOWNLOAD_PROMPT: '0',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  YARN_ENABLE_TELEMETRY: '0',
};

/** Variables that lead each manager's store to a directory. */
export function storeEnvironment(store: string): Record<string, string> {
  return {
    COREPACK_HOME: `${store}/corepack`,
    npm_config_cache: `${store}/npm`,
    npm_config_store_dir: `${store}/pnpm`,
    YARN_CACHE_FOLDER: `${store}/yarn`,
    YARN_GLOBAL_FOLDER: `${store}/yarn-global`,
    BUN_INSTALL_CACHE_DIR: `${store}/bun`,
  };
}

/**
 * The shell line that installs: exactly what the lock file says, or, where package.json has moved on from it, what
 * package.json says. Neither writes a lock file: that is the agent's to do.
 */
export function installCommand(manager: PackageManager): string {
  const [strict, loose] = argumentsOf(manager);
  const run = (args: string) => `"$PM" ${args}`;
  const both = manager.lockFile === null || !strict ? run(loose) : `${run(strict)} || ${run(loose)}`;
  return `${findProgram(manager)}\n${both.replaceAll('"$PM"', '$PM')}`;
}

function argumentsOf({ name, isBerry }: PackageManager): [string | null, string] {
  if (name === 'npm') return ['ci', 'install --no-package-lock'];
  if (name === 'pnpm')
    return [
      'install --frozen-lockfile --reporter=append-only',
      'install --no-lockfile --reporter=append-only',
    ];
  if (name === 'bun') return ['install --frozen-lockfile', 'install --no-save'];
  // Yarn 2 and later has no way to leave the lock file as it is.
  return isBerry ? [null, 'install --immutable'] : ['install --frozen-lockfile', 'install --pure-lockfile'];
}

/** A pinned version is corepack's to fetch; without corepack, and without a pin, the one on PATH will do. */
function findProgram({ name, isPinned }: PackageManager): string {
  if (name === 'npm' || name === 'bun') return missingUnless(name, `PM=${name}`);
  const corepack = `command -v corepack >/dev/null && PM='corepack ${name}'`;
  const own = `command -v ${name} >/dev/null && PM=${name}`;
  const [first, second] = isPinned ? [corepack, own] : [own, corepack];
  return `${first} || ${second} || { echo '${MISSING}' >&2; exit 127; }`;
}

/** Printed where there is no such program. */
export const MISSING = 'vitrine: the package manager is not installed';

const missingUnless = (name: string, found: string) =>
  `command -v ${name} >/dev/null || { echo '${MISSING}' >&2; exit 127; }\n${found}`;
