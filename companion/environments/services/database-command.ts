import type { BackendConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import { outcomeOf, runToEnd } from '../../runtimes/run-to-end.ts';
import type { Pod, ServiceImage } from '../../runtimes/runtime.ts';

/** A large seed takes minutes; what takes longer hangs. */
const DEADLINE_MS = 600_000;
/** Of what a command printed last, as much goes into the error. */
const KEPT_LINES = 40;
const MEMORY_LIMIT = 'isolation.backend.resource_limits.memory_mb';

export interface DatabaseCommand {
  /** `migrate`, `seed`: what the console and messages call it. */
  name: string;
  /** What is run for it. */
  command: string | string[];
  cwd: string;
  env: Record<string, string>;
  port: number;
  image?: ServiceImage;
  /** Milliseconds until it is ended; 10 minutes unless told. */
  deadlineMs?: number;
  onLine(line: string, stream: 'stdout' | 'stderr'): void;
}

/** Runs one of the project's commands in a pod to its end. Rejects with DATABASE_COMMAND_FAILED, or by the signal. */
export async function runDatabaseCommand(
  pod: Pod,
  { name, onLine, deadlineMs = DEADLINE_MS, ...command }: DatabaseCommand,
  signal: AbortSignal,
): Promise<void> {
  const spec = { name, ...command, deadlineMs, keptLines: KEPT_LINES, onOutput: onLine };
  const { exit, lastLines, isLate } = await runToEnd(pod, spec, signal);
  if (isLate) throw failed(name, `did not end within ${deadlineMs / 1000} s`, lastLines);
  if (exit.code !== 0) throw failed(name, outcomeOf(exit, MEMORY_LIMIT), lastLines);
}

/** What `isolation.backend.database.template` calls a command. */
export function databaseCommandName(
  command: string,
  template: BackendConfig['database']['template'],
): string {
  if (command === template.migrate) return 'migrate';
  return command === template.seed ? 'seed' : OWN_COMMAND;
}

/** What one is called that the configuration does not name. */
export const OWN_COMMAND = 'database';

const failed = (name: string, how: string, lastLines: readonly string[]) =>
  new VitrineError({
    code: 'DATABASE_COMMAND_FAILED',
    message: `The command of isolation.backend.database.template.${name} ${how}.${
      lastLines.length > 0 ? ` Its last lines: ${lastLines.join(' ⏎ ')}` : ' It printed nothing.'
    }`,
    remedy: 'Correct what it names, or the command itself, and start the preview again.',
    status: 422,
  });
