import { dirname, join, relative } from 'node:path';
import type { RuntimeName } from '#shared/identifiers.ts';
import { readPackageJson } from '../../detection/package-json.ts';
import { ownNodeFor } from './node-choice.ts';

export interface CommandPlace {
  worktree: string;
  mainCheckout: string;
  /** Where the command runs; inside the worktree. */
  cwd: string;
  runtime: RuntimeName;
  /** The package that the command is a program of, where that is known. */
  tool?: string;
}

/**
 * Directories a command line finds programs in before anywhere else: those of its packages, as under `npm run`, and
 * Vitrine's own Node where package.json, or the package of the program, asks for one that the user's is not.
 */
export async function commandPath(place: CommandPlace): Promise<string[]> {
  const { worktree, mainCheckout, cwd, runtime } = place;
  const levels: string[] = [];
  for (let at = cwd; ; at = dirname(at)) {
    levels.push(relative(worktree, at));
    if (at === worktree || at === dirname(at)) break;
  }
  // And those of the directories above it, as npm has it.
  const above: string[] = [];
  for (let at = dirname(worktree); at !== dirname(at); at = dirname(at))
    above.push(join(at, 'node_modules/.bin'));
  // The worktree may do with the main checkout's packages, which are visible to it where they are.
  const packages = [worktree, mainCheckout].flatMap((top) =>
    levels.map((level) => join(top, level, 'node_modules/.bin')),
  );
  // In a container the image decides which Node there is.
  const node = runtime === 'process' ? await ownNodeFor(await nodeRanges(place, packages)) : null;
  return [...new Set([...packages, ...above]), ...(node === null ? [] : [node])];
}

/** Which Node the project asks for, and which its tool does. */
async function nodeRanges(
  { worktree, cwd, tool }: CommandPlace,
  programs: readonly string[],
): Promise<(string | undefined)[]> {
  const own = (await readPackageJson(worktree, cwd))?.engines.node;
  if (tool === undefined) return [own];
  for (const directory of programs) {
    const installed = await readPackageJson(worktree, join(dirname(directory), tool)).catch(() => null);
    if (installed) return [own, installed.engines.node];
  }
  return [own];
}

/** A shell line that looks for programs in these directories first. A list of arguments is run as it is. */
export function withPath(command: string | string[], directories: string[]): string | string[] {
  if (Array.isArray(command) || directories.length === 0) return command;
  if (process.platform === 'win32') return `set "PATH=${directories.join(';')};%PATH%" && ${command}`;
  const quoted = directories.map((directory) => `'${directory.replaceAll("'", "'\\''")}'`).join(':');
  return `export PATH=${quoted}:"$PATH"\n${command}`;
}
