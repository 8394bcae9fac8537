import { type ChildProcess, spawn } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import type { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { readOutput } from '../output/service-output.ts';
import { freeze, kill, markedProcesses, signal, untilEnded } from './processes.ts';
import { SERVICE_MARK, type SupervisorCommand } from './protocol.ts';
import type { Reporter } from './reporter.ts';

/** How long output may trail the end of a service whose pipe another process still holds. */
const OUTPUT_TAIL_MS = 250;
/** Services go first when memory runs out, the supervisor last: +500 of 1000, see proc_pid_oom_score_adj(5). */
const OOM_SCORE = '500';

export interface RunningService {
  stop(graceMs: number): Promise<void>;
  suspend(): void;
  resume(): void;
  killNow(): void;
}

/** Starts a service as leader of a process group of its own and reports what becomes of it. */
export function startService(
  command: Extract<SupervisorCommand, { type: 'start' }>,
  reporter: Reporter,
  onExit: () => void,
): RunningService {
  const { id, argv, cwd, env, mark, hasInput } = command;
  const [file = '', ...rest] = argv;
  const child = spawn(file, rest, {
    cwd,
    env: { ...env, [SERVICE_MARK]: mark },
    detached: true,
    stdio: [hasInput ? 'pipe' : 'ignore', 'pipe', 'pipe'],
  });
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const everything = () => [...markedProcesses(mark)];
  /** What was found when it was killed, by id: once it is dying it cannot be found by its mark. */
  const killed = new Set<number>();
  const killNow = () => {
    if (child.pid === undefined) return;
    const found = kill(everything);
    signalGroup(child, 'SIGKILL');
    for (const pid of found) killed.add(pid);
  };

  child.once('error', (error: NodeJS.ErrnoException) => {
    if (child.pid !== undefined) return; // a signal that could not be sent
    reporter.send({ type: 'refused', id, code: error.code ?? 'EUNKNOWN', message: error.message });
    onExit();
  });
  child.once('spawn', () => {
    raiseOomScore(child);
    reporter.send({ type: 'started', id, pid: child.pid ?? 0 });
    const output = Promise.all([
      forward(child.stdout, 'stdout', id, reporter),
      forward(child.stderr, 'stderr', id, reporter),
    ]);
    child.once('exit', async (code, signalName) => {
      // What a service started is part of it: its port and its files must be free when it is over.
      killNow();
      await untilEnded(killed);
      await Promise.race([output, delay(OUTPUT_TAIL_MS)]);
      child.stdout?.destroy();
      child.stderr?.destroy();
      await output;
      reporter.send({ type: 'exit', id, code, signal: signalName });
      onExit();
    });
  });

  return {
    killNow,
    stop: async (graceMs) => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      if (graceMs <= 0) return killNow();
      signalGroup(child, 'SIGTERM');
      signalGroup(child, 'SIGCONT'); // a suspended process takes no notice of SIGTERM
      const over = new AbortController();
      await Promise.race([exited, delay(graceMs, undefined, { signal: over.signal }).catch(() => {})]);
      over.abort();
      killNow();
    },
    suspend: () => {
      signalGroup(child, 'SIGSTOP');
      freeze(everything);
    },
    resume: () => {
      for (const pid of everything()) signal(pid, 'SIGCONT');
      signalGroup(child, 'SIGCONT');
    },
  };
}

function signalGroup(child: ChildProcess, name: NodeJS.Signals): void {
  if (child.pid === undefined) return;
  // Windows has no process groups: the process itself, its children end with the job of the supervisor.
  signal(process.platform === 'win32' ? child.pid : -child.pid, name);
}

function forward(
  stream: Readable | null,
  name: 'stdout' | 'stderr',
  id: number,
  reporter: Reporter,
): Promise<void> {
  if (!stream) return Promise.resolve();
  return readOutput(stream, {
    onLine: (line) => reporter.send({ type: 'output', id, stream: name, line }),
    congested: () => reporter.congested,
  });
}

function raiseOomScore(child: ChildProcess): void {
  try {
    writeFileSync(`/proc/${child.pid}/oom_score_adj`, OOM_SCORE);
  } catch {
    // Not Linux, or the process is over already: it only orders who goes first.
  }
}
