import { execFile } from 'node:child_process';
import { realpath, stat } from 'node:fs/promises';
import { basename, dirname, isAbsolute, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { VitrineError } from '#shared/errors.ts';
import { findGitDirectories } from './git-directories.ts';

const run = promisify(execFile);

/** git answers in milliseconds; this is for a repository on a disk that hangs. */
const GIT_DEADLINE_MS = 15_000;
const MAX_GIT_OUTPUT_BYTES = 64 * 1024 * 1024;

/**
 * Runs git in a directory and gives what it printed. The repository is the agent's: its hooks, file-system
 * monitor, pagers and editors are not run, nor what fetches an object that is missing, and git never asks on a terminal.
 */
export async function git(directory: string, args: string[], signal?: AbortSignal): Promise<string> {
  return (await gitBytes(directory, args, signal)).toString();
}

/** The same, as bytes: names and contents of files may be no text. `settings` go before those of the repository. */
export async function gitBytes(
  directory: string,
  args: string[],
  signal?: AbortSignal,
  settings: GitSetting[] = [],
): Promise<Buffer> {
  const safe = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null', '-c', 'safe.directory=*'];
  const { stdout } = await run('git', [...safe, '-C', directory, ...args], {
    signal,
    encoding: 'buffer',
    timeout: GIT_DEADLINE_MS,
    maxBuffer: MAX_GIT_OUTPUT_BYTES,
    env: { ...process.env, ...UNTOUCHED, ...environmentOf(settings) },
  });
  return stdout;
}

/** Name and value. */
export type GitSetting = [name: string, value: string];

/** A repository that lacks objects may name a command that gets them: no way of transport is allowed. */
const UNTOUCHED = {
  GIT_TERMINAL_PROMPT: '0',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_NO_LAZY_FETCH: '1',
  GIT_ALLOW_PROTOCOL: '',
};

/** After those that the user's own environment has. Not by `-c`, which takes a name up to its first equals sign. */
function environmentOf(settings: GitSetting[]): Record<string, string> {
  if (settings.length === 0) return {};
  const first = Number(process.env.GIT_CONFIG_COUNT) || 0;
  return Object.fromEntries([
    ['GIT_CONFIG_COUNT', String(first + settings.length)],
    ...settings.flatMap(([name, value], at) => [
      [`GIT_CONFIG_KEY_${first + at}`, name],
      [`GIT_CONFIG_VALUE_${first + at}`, value],
    ]),
  ]);
}

export interface WorktreeInfo {
  /** Real absolute path of the worktree's top directory. */
  worktree: string;
  /** Real absolute path of the repository's main checkout; the worktree itself when it is the main one. */
  mainCheckout: string;
  /** Branch name, or the short commit when detached. */
  branch: string;
}

/** Looks at a path that should be a git worktree. Throws WORKTREE_MISSING, WORKTREE_NOT_GIT or WORKTREE_EMPTY. */
export async function inspectWorktree(path: string, signal?: AbortSignal): Promise<WorktreeInfo> {
  if (!isAbsolute(path)) {
    throw new VitrineError({
      code: 'WORKTREE_NOT_ABSOLUTE',
      message: `The worktree path "${path}" is relative.`,
      remedy: 'Give the absolute path of a git worktree.',
      status: 400,
    });
  }
  const directory = await existingDirectory(path);
  let [top, common, branch] = await parseRevision(directory, ['--abbrev-ref', 'HEAD'], signal);
  try {
    // HEAD means nothing before the first commit: the rest is asked without it.
    if (!top || !common) [top, common] = await parseRevision(directory, [], signal, true);
    // A repository's settings (`core.worktree`) may name any directory for what is checked out here.
    const worktree = (await worktreeAround(directory)) ?? (await realpath(top ?? ''));
    const named = branch && branch !== 'HEAD';
    return {
      worktree,
      mainCheckout: await mainCheckoutOf(resolve(directory, common ?? ''), worktree),
      branch: named ? branch : await unnamedBranch(worktree, signal),
    };
  } catch (error) {
    throw notGit(directory, error);
  }
}

/** The worktree's top directory, the common directory, and what `more` asks for: one process for all of it. */
async function parseRevision(
  directory: string,
  more: string[],
  signal?: AbortSignal,
  isStrict = false,
): Promise<(string | undefined)[]> {
  const asked = git(directory, ['rev-parse', '--show-toplevel', '--git-common-dir', ...more], signal);
  return (await (isStrict ? asked : asked.catch(() => ''))).split('\n');
}

/** The real path of a directory. Throws WORKTREE_MISSING. */
export async function existingDirectory(path: string): Promise<string> {
  try {
    const directory = await realpath(path);
    if ((await stat(directory)).isDirectory()) return directory;
  } catch (error) {
    throw missing(path, error);
  }
  throw missing(path);
}

/** The nearest directory that git takes for a worktree's top; null where it was told another by a variable. */
async function worktreeAround(directory: string): Promise<string | null> {
  for (let at = directory; ; at = dirname(at)) {
    if (await isWorktreeRoot(at)) return at;
    if (at === dirname(at)) return null;
  }
}

/**
 * A worktree's common directory is the `.git` of the main checkout, unless the repository is bare. The worktree's word is
 * not enough: packages and env files of the main checkout are shown to it, so that has to know it, too.
 */
async function mainCheckoutOf(commonDirectory: string, worktree: string): Promise<string> {
  if (!commonDirectory.endsWith('/.git')) return worktree;
  const main = await realpath(dirname(commonDirectory)).catch(() => worktree);
  if (main === worktree) return worktree;
  const known = await findGitDirectories(worktree);
  return known?.common === join(main, '.git') ? main : worktree;
}

/** Of a branch without a commit its name, of a detached head the commit. */
async function unnamedBranch(worktree: string, signal?: AbortSignal): Promise<string> {
  const name = await git(worktree, ['symbolic-ref', '--quiet', '--short', 'HEAD'], signal).catch(() => '');
  if (name) return name.trim();
  const commit = await git(worktree, ['rev-parse', '--short', 'HEAD'], signal).catch(() => '');
  return commit.trim() || '(no commit)';
}

export interface ListedWorktree extends WorktreeInfo {
  /** Whether it is the repository's main checkout; none is in a bare repository. */
  isMain: boolean;
}

/** The worktrees of a repository, the main checkout first; missing ones (prunable) are left out. */
export async function listWorktrees(repository: string, signal?: AbortSignal): Promise<ListedWorktree[]> {
  const output = await git(repository, ['worktree', 'list', '--porcelain', '-z'], signal);
  const blocks = output.split('\0\0').map((block) => block.split('\0').filter(Boolean));
  const fieldOf = (block: string[] | undefined, name: string) =>
    block?.find((line) => line === name || line.startsWith(`${name} `))?.slice(name.length + 1);
  const main = fieldOf(blocks[0], 'bare') === undefined ? fieldOf(blocks[0], 'worktree') : undefined;
  const worktrees: ListedWorktree[] = [];
  for (const block of blocks) {
    const field = (name: string) => fieldOf(block, name);
    const path = field('worktree');
    if (!path || field('bare') !== undefined || field('prunable') !== undefined) continue;
    const branch = field('branch')?.replace(/^refs\/heads\//, '') ?? field('HEAD')?.slice(0, 7) ?? '';
    worktrees.push({ worktree: path, mainCheckout: main ?? path, branch, isMain: path === main });
  }
  return worktrees;
}

/**
 * Where a repository is looked for again, by any directory in it: its main checkout; of a bare one its own directory, or
 * the one around it that leads to it, as in `project/.bare`. Throws as {@link inspectWorktree} does.
 */
export async function findRepository(path: string, signal?: AbortSignal): Promise<string> {
  const bare = await bareRepositoryOf(path, signal).catch(() => null);
  if (bare === null) return (await inspectWorktree(path, signal)).mainCheckout;
  const around = dirname(bare);
  return basename(bare).startsWith('.') && (await isWorktreeRoot(around)) ? around : bare;
}

async function bareRepositoryOf(path: string, signal?: AbortSignal): Promise<string | null> {
  const common = (await git(path, ['rev-parse', '--git-common-dir'], signal)).trimEnd();
  const directory = await realpath(resolve(path, common));
  const isBare = await git(directory, ['rev-parse', '--is-bare-repository'], signal);
  return isBare.trim() === 'true' ? directory : null;
}

/** Whether git would find a repository here without climbing to a parent. */
export async function isWorktreeRoot(directory: string): Promise<boolean> {
  return stat(join(directory, '.git')).then(
    () => true,
    () => false,
  );
}

function missing(path: string, cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'WORKTREE_MISSING',
    message: `There is no directory at ${path}.`,
    remedy:
      'The attempt’s worktree was removed or moved. Start the attempt again on the board, or give another path.',
    status: 404,
    cause,
  });
}

function notGit(directory: string, cause: unknown): VitrineError {
  if ((cause as NodeJS.ErrnoException).code === 'ENOENT') {
    return new VitrineError({
      code: 'GIT_MISSING',
      message: 'The git command was not found.',
      remedy: 'Install git and make sure it is on the PATH of the companion.',
      cause,
    });
  }
  return new VitrineError({
    code: 'WORKTREE_NOT_GIT',
    message: `${directory} is not inside a git worktree.`,
    remedy:
      'Give a directory that git knows: run `git init` there, or `git worktree list` in the repository to see its worktrees.',
    status: 422,
    cause,
  });
}
