import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { VitrineError } from '#shared/errors.ts';

const run = promisify(execFile);

const STEP_DEADLINE_MS = 30_000;
const MAX_OUTPUT_BYTES = 4 * 1024 * 1024;

export interface StepOptions {
  cwd: string;
  deadlineMs?: number;
  signal?: AbortSignal;
}

/** Runs one command of the sample's making and returns what it printed. Rejects with what the command complained about. */
export async function runStep(command: string, args: string[], options: StepOptions): Promise<string> {
  const { cwd, deadlineMs = STEP_DEADLINE_MS, signal } = options;
  // npm is a .cmd file on Windows, which only a shell runs; none of the arguments comes from outside.
  const shell = process.platform === 'win32' && command === 'npm';
  try {
    const { stdout } = await run(command, args, {
      cwd,
      timeout: deadlineMs,
      signal,
      shell,
      maxBuffer: MAX_OUTPUT_BYTES,
      env: environmentWithoutGit(),
    });
    return stdout.trim();
  } catch (cause) {
    if (signal?.aborted) throw signal.reason;
    const line = [command, ...args].join(' ');
    throw new VitrineError({
      code: 'SAMPLE_FAILED',
      message: `The sample could not be made: "${line}" failed in ${cwd}. ${complaint(cause)}`.trim(),
      remedy: `Run the command there by hand to see why, then start the demo again; it goes on where it stopped.`,
      cause,
    });
  }
}

/** Inside a git hook, GIT_DIR and its like point at another repository than the one in `cwd`. */
function environmentWithoutGit(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GIT_')));
}

function complaint(thrown: unknown): string {
  if (!(thrown instanceof Error)) return String(thrown);
  const printed = 'stderr' in thrown && typeof thrown.stderr === 'string' ? thrown.stderr.trim() : '';
  return (printed || thrown.message).slice(-2_000);
}
