import { execFile } from 'node:child_process';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import { identify, isAlive, type ProcessIdentity } from '../../../runtimes/process/identity.ts';
import { unavailable } from './package.ts';

/** "Fast" and "immediate" shutdown (postgresql.org/docs/current/server-shutdown.html); then no more asking. */
const SIGNALS: [NodeJS.Signals, number][] = [
  ['SIGINT', 10_000],
  ['SIGQUIT', 5_000],
  ['SIGKILL', 5_000],
];
const POLL_MS = 20;

/** Ends a server that an earlier companion left running on this data directory. */
export async function endLeftover(data: string): Promise<void> {
  const file = join(data, 'postmaster.pid');
  const pid = Number((await readFile(file, 'utf8').catch(() => '')).split('\n')[0]);
  if (!Number.isInteger(pid) || pid < 2) return;
  const identity = await identify(pid);
  if (!identity) return; // the server itself deals with the file of one that is gone
  if (await runsOn(identity, data)) return endServer(identity);
  // Another's process has the number meanwhile; the server would take it for a server of its own.
  await rm(file, { force: true });
}

/** Ends a server that is known to be ours. */
export async function endServer(identity: ProcessIdentity): Promise<void> {
  for (const [signal, graceMs] of SIGNALS) {
    if (!(await isAlive(identity))) return;
    try {
      process.kill(identity.pid, signal);
    } catch {
      continue; // it has just ended, or is not ours to end: the next look tells
    }
    const deadline = Date.now() + graceMs;
    while (Date.now() < deadline) {
      if (!(await isAlive(identity))) return;
      await delay(POLL_MS);
    }
  }
  if (await isAlive(identity))
    throw unavailable(`The PostgreSQL server with process id ${identity.pid} does not end`);
}

/** A process is a server of ours when it was started with our data directory, and is still the same afterwards. */
async function runsOn(identity: ProcessIdentity, data: string): Promise<boolean> {
  const command = await commandLine(identity.pid).catch(() => '');
  return command.includes(data) && (await isAlive(identity));
}

async function commandLine(pid: number): Promise<string> {
  if (process.platform === 'linux') return readFile(`/proc/${pid}/cmdline`, 'utf8');
  const [program, args] =
    process.platform === 'win32'
      ? [
          'powershell',
          [
            '-NoProfile',
            '-Command',
            `(Get-CimInstance Win32_Process -Filter "ProcessId=${pid}").CommandLine`,
          ],
        ]
      : ['ps', ['-ww', '-o', 'command=', '-p', String(pid)]];
  return (await promisify(execFile)(program as string, args as string[], { timeout: 5_000 })).stdout;
}
