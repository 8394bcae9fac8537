import { appendFile, cp, mkdir, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { commitAll, git } from './git.ts';
import { runStep } from './run-step.ts';
import {
  ATTEMPTS_DIRECTORY,
  belongsToSample,
  SAMPLE_DIRECTORY,
  SAMPLE_TASKS,
  type SampleTask,
} from './sample-files.ts';

const WORKTREES = '.worktrees';
const DATABASE = 'data/guestbook.sqlite';
const INSTALL_DEADLINE_MS = 5 * 60_000;

export interface SampleAttempt extends SampleTask {
  worktree: string;
  branch: string;
}

export interface Sample {
  /** The main checkout, with dependencies and a filled database. */
  repository: string;
  attempts: SampleAttempt[];
}

export interface CreateSampleOptions {
  /** Where the repository is made, or was made before. */
  repository: string;
  /** False leaves out the two ready-made attempts. */
  attempts?: boolean;
  signal?: AbortSignal;
  onProgress?(sentence: string): void;
}

/**
 * Makes the sample's repository with two attempts as worktrees. What is there already is kept as it is, so a call
 * that was interrupted is completed by the next one.
 */
export async function createSample(options: CreateSampleOptions): Promise<Sample> {
  const { repository, signal, onProgress = () => {} } = options;
  if (!(await exists(join(repository, '.git')))) {
    onProgress('Making the sample repository');
    await createRepository(repository, signal);
  }
  if (!(await exists(join(repository, 'node_modules/.package-lock.json')))) {
    onProgress('Installing the dependencies of the sample');
    await runStep('npm', ['ci', '--prefer-offline', '--no-audit', '--no-fund'], {
      cwd: repository,
      deadlineMs: INSTALL_DEADLINE_MS,
      signal,
    });
  }
  if (!(await exists(join(repository, DATABASE)))) {
    onProgress('Filling the database of the sample');
    const script = ['--disable-warning=ExperimentalWarning', 'server/build-template.js'];
    await runStep(process.execPath, script, { cwd: repository, signal });
  }
  const attempts: SampleAttempt[] = [];
  for (const task of options.attempts === false ? [] : SAMPLE_TASKS) {
    attempts.push(await createAttempt(repository, task, signal));
  }
  return { repository, attempts };
}

/** Built beside its place and then moved there: a repository that is there is complete. */
async function createRepository(repository: string, signal?: AbortSignal): Promise<void> {
  await mkdir(dirname(repository), { recursive: true });
  const building = `${repository}.new`;
  await rm(building, { recursive: true, force: true });
  await cp(SAMPLE_DIRECTORY, building, { recursive: true, filter: belongsToSample });
  await git(building, ['init', '--quiet', '--initial-branch=main'], signal);
  await git(building, ['config', 'user.name', 'Vitrine sample'], signal);
  await git(building, ['config', 'user.email', 'sample@vitrine.localhost'], signal);
  await mkdir(join(building, '.git/info'), { recursive: true });
  await appendFile(join(building, '.git/info/exclude'), `/${WORKTREES}/\n`);
  await commitAll(building, 'Open the guestbook', signal);
  await rename(building, repository);
}

async function createAttempt(
  repository: string,
  task: SampleTask,
  signal?: AbortSignal,
): Promise<SampleAttempt> {
  const worktree = join(repository, WORKTREES, task.overlay);
  const branch = `attempt/${task.overlay}`;
  if (!(await exists(worktree))) {
    await git(repository, ['worktree', 'prune'], signal);
    if (await git(repository, ['branch', '--list', branch], signal)) {
      await git(repository, ['worktree', 'add', '--quiet', worktree, branch], signal);
    } else {
      await git(repository, ['worktree', 'add', '--quiet', '-b', branch, worktree, 'main'], signal);
      await cp(join(ATTEMPTS_DIRECTORY, task.overlay), worktree, { recursive: true });
      await commitAll(worktree, task.title, signal);
    }
  }
  return { ...task, worktree, branch };
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
