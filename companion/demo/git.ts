import { runStep } from './run-step.ts';

/** The user's own hooks and signing key have no part in the sample's commits. */
const UNTOUCHED = ['-c', 'core.hooksPath=/dev/null', '-c', 'commit.gpgsign=false'];

/** Runs git in `directory` and returns what it printed, trimmed. */
export function git(directory: string, args: string[], signal?: AbortSignal): Promise<string> {
  return runStep('git', [...UNTOUCHED, ...args], { cwd: directory, signal });
}

/** Commits everything in `directory` that git does not ignore. */
export async function commitAll(directory: string, message: string, signal?: AbortSignal): Promise<void> {
  await git(directory, ['add', '--all'], signal);
  await git(directory, ['commit', '--quiet', '--message', message], signal);
}
