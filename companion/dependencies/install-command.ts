import type { ManagerName, PackageManager } from './package-manager.ts';

/** Nothing asks, nothing reports. */
export const INSTALL_ENVIRONMENT: Record<string, string> = {
  CI: '1',
  npm_config_audit: 'false',
  npm_config_fund: 'false',
  npm_config_update_notifier: 'false',
  YARN_ENABLE_TELEMETRY: '0',
  // Plug'n'Play needs Yarn's own loader in every program; packages in node_modules are the same ones.
  YARN_NODE_LINKER: 'node-modules',
};

/** Variables that lead each manager's store to a directory. */
export function storeEnvironment(store: string): Record<string, string> {
  return {
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
  const run = (args: string) => `$PM ${args}`;
  const both = manager.lockFile === null || !strict ? run(loose) : `${run(strict)} || ${run(loose)}`;
  return `${findProgram(manager)}\n${both}`;
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

/**
 * The manager on PATH where package.json names no version of it, else the named one by `npm exec`, which checks what it
 * fetches. Not corepack: newer Nodes come without it, and older ones refuse registries that sign nothing.
 */
function findProgram({ name, version, isBerry }: PackageManager): string {
  const own = found(name, name);
  const packed = isBerry && version ? `@yarnpkg/cli-dist@${version}` : `${name}@${version ?? NEWEST[name]}`;
  const fetched = found('npm', `npm exec --yes --package=${packed} -- ${name}`);
  const choices = name === 'npm' ? [own] : version ? [fetched, own] : [own, fetched];
  return `${choices.join('; el')}; else echo '${MISSING}' >&2; exit 127; fi`;
}

const found = (program: string, words: string) => `if command -v ${program} >/dev/null; then PM='${words}'`;

/** Where no version is named. Yarn 1 hands over to the release that .yarnrc.yml names. */
const NEWEST: Record<ManagerName, string> = { npm: 'latest', pnpm: 'latest', yarn: '1', bun: 'latest' };

/** Printed where there is no such program. */
export const MISSING = 'vitrine: the package manager is not installed';
