import type { BackendConfig } from '#shared/config/environment-config.ts';
import { VitrineError } from '#shared/errors.ts';
import type { Pod, ServiceExit, ServiceImage } from '../../runtimes/runtime.ts';

/** A large seed takes minutes; what takes longer hangs. */
const DEADLINE_MS = 600_000;
/** Of what a command printed last, as much goes into the error. */
const KEPT_LINES = 40;

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
  { name, onLine, deadlineMs = DEADLINE_MS, ...spec }: DatabaseCommand,
  signal: AbortSignal,
): Promise<void> {
  const lastLines: string[] = [];
  const deadline = AbortSignal.timeout(deadlineMs);
  const bounded = AbortSignal.any([signal, deadline]);
  const service = await pod.startService(
    {
      name,
      ...spec,
      onOutput: (line, stream) => {
        lastLines.push(line.slice(0, 300));
        if (lastLines.length > KEPT_LINES) lastLines.shift();
        onLine(line, stream);
      },
    },
    bounded,
  );
  const stop = () => void service.stop();
  bounded.addEventListener('abort', stop, { once: true });
  if (bounded.aborted) stop();
  const exit = await service.exited;
  bounded.removeEventListener('abort', stop);
  signal.throwIfAborted();
  if (deadline.aborted) throw failed(name, `did not end within ${deadlineMs / 1000} s`, lastLines);
  if (exit.code !== 0) throw failed(name, outcomeOf(exit), lastLines);
}

/** What `isolation.backend.database.template` calls a command. */
export function databaseCommandName(
  command: string,
  template: BackendConfig['database']['template'],
): string {
  if (command === template.migrate) return 'migrate';
  return command === template.seed ? 'seed' : 'database';
}

function outcomeOf({ code, signal, outOfMemory }: ServiceExit): string {
  if (outOfMemory) return 'used more memory than isolation.backend.resource_limits.memory_mb and was ended';
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}

const failed = (name: string, how: string, lastLines: string[]) =>
  new VitrineError({
    code: 'DATABASE_COMMAND_FAILED',
    message: `The command of isolation.backend.database.template.${name} ${how}.${
      lastLines.length > 0 ? ` Its last lines: ${lastLines.join(' ⏎ ')}` : ' It printed nothing.'
    }`,
    remedy: 'Correct what it names, or the command itself, and start the preview again.',
    status: 422,
  });
