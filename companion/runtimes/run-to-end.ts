import { LastLines } from './last-lines.ts';
import type { Pod, ServiceExit, ServiceSpec } from './runtime.ts';

export interface RunToEnd extends ServiceSpec {
  /** Milliseconds after which it is ended. */
  deadlineMs: number;
  /** How many of its last lines are kept. */
  keptLines: number;
}

export interface Ended {
  exit: ServiceExit;
  lastLines: readonly string[];
  /** It was ended for taking too long. */
  isLate: boolean;
}

/** Runs a command in a pod to its end. Rejects where it cannot be started, and with the signal's reason on abort. */
export async function runToEnd(
  pod: Pick<Pod, 'startService'>,
  { deadlineMs, keptLines, onOutput, ...spec }: RunToEnd,
  signal: AbortSignal,
): Promise<Ended> {
  const last = new LastLines(keptLines);
  const deadline = AbortSignal.timeout(deadlineMs);
  const bounded = AbortSignal.any([signal, deadline]);
  const service = await pod.startService(
    {
      ...spec,
      onOutput: (line, stream) => {
        last.note(line);
        onOutput(line, stream);
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
  return { exit, lastLines: last.all, isLate: deadline.aborted };
}

/** How it ended, as the end of a sentence. `limit`: what it had of memory. */
export function outcomeOf({ code, signal, outOfMemory }: ServiceExit, limit: string): string {
  if (outOfMemory) return `used more memory than ${limit} and was ended`;
  return signal ? `was ended by ${signal}` : `exited with code ${code}`;
}
