import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { once } from 'node:events';

const GRACE_MS = 5_000;
const KEPT_OUTPUT_CHARACTERS = 64 * 1024;

/** A process this run started, with the end of what it printed. */
export interface Child {
  readonly process: ChildProcess;
  readonly pid: number;
  /** Both streams, the last 64 k characters. */
  output(): string;
  readonly exited: Promise<number | null>;
  /** SIGTERM, then SIGKILL after 5 s, to this very process. Idempotent. */
  stop(): Promise<void>;
}

/** Spawns a process and waits until it runs. Rejects when it cannot be spawned. */
export async function startChild(
  command: string,
  args: string[],
  options: SpawnOptions = {},
): Promise<Child> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], ...options });
  let kept = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      kept = (kept + text).slice(-KEPT_OUTPUT_CHARACTERS);
    });
  }
  const exited = new Promise<number | null>((resolve) => child.once('exit', (code) => resolve(code)));
  await once(child, 'spawn');
  if (child.pid === undefined) throw new Error(`${command} has no pid`);
  return {
    process: child,
    pid: child.pid,
    output: () => kept,
    exited,
    async stop() {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.kill('SIGTERM');
      const force = setTimeout(() => child.kill('SIGKILL'), GRACE_MS);
      await exited;
      clearTimeout(force);
    },
  };
}
