import { execFile } from 'node:child_process';
import { dirname, join, relative } from 'node:path';
import { promisify } from 'node:util';
import semver from 'semver';
import type { RuntimeName } from '#shared/identifiers.ts';
import { readPackageJson } from '../../detection/package-json.ts';
import { userNode } from '../../runtimes/process/search-path.ts';

const run = promisify(execFile);
const VERSION_DEADLINE_MS = 5_000;

export interface CommandPlace {
  worktree: string;
  mainCheckout: string;
  /** Where the command runs; inside the worktree. */
  cwd: string;
  runtime: RuntimeName;
}

/**
 * Directories a backend's command line finds programs in before anywhere else: those of its packages, as under
 * `npm run`, and Vitrine's own Node where package.json asks for one that the user's is not.
 */
export async function commandPath({ worktree, mainCheckout, cwd, runtime }: CommandPlace): Promise<string[]> {
  const levels: string[] = [];
  for (let at = cwd; ; at = dirname(at)) {
    levels.push(relative(worktree, at));
    if (at === worktree || at === dirname(at)) break;
  }
  // The worktree may do with the main checkout's packages, which are visible to it where they are.
  const packages = [worktree, mainCheckout].flatMap((top) =>
    levels.map((level) => join(top, level, 'node_modules/.bin')),
  );
  // In a container the image decides which Node there is.
  const wanted = runtime === 'process' ? (await readPackageJson(worktree, cwd))?.engines.node : undefined;
  const node = wanted && (await needsOwnNode(wanted)) ? [dirname(process.execPath)] : [];
  return [...new Set(packages), ...node];
}

/** A shell line that looks for programs in these directories first. A list of arguments is run as it is. */
export function withPath(command: string | string[], directories: string[]): string | string[] {
  if (Array.isArray(command) || directories.length === 0) return command;
  if (process.platform === 'win32') return `set "PATH=${directories.join(';')};%PATH%" && ${command}`;
  const quoted = directories.map((directory) => `'${directory.replaceAll("'", "'\\''")}'`).join(':');
  return `export PATH=${quoted}:"$PATH"\n${command}`;
}

/** Whether the range admits the Node that runs Vitrine and not the user's. */
async function needsOwnNode(range: string): Promise<boolean> {
  if (!semver.validRange(range) || !semver.satisfies(process.versions.node, range)) return false;
  const version = await userNodeVersion();
  return version === null || !semver.satisfies(version, range);
}

async function userNodeVersion(): Promise<string | null> {
  const node = userNode();
  if (!node) return null;
  try {
    const { stdout } = await run(node, ['--version'], { timeout: VERSION_DEADLINE_MS });
    return semver.clean(stdout);
  } catch {
    return null; // one that cannot say its version cannot run a backend either
  }
}
