import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { open, readdir, readFile } from 'node:fs/promises';

const COMMAND_DEADLINE_MS = 10_000;
const KEPT_CHARACTERS = 2_000;

/** Command lines of everything that can be seen. */
export async function seeProcesses() {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name));
  const seen = pids.map((pid) => readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''));
  return (await Promise.all(seen)).map((line) => line.replaceAll('\0', ' ').trim());
}

/**
 * What could be done to processes by the numbers they have on the machine. Signal 0 asks for the right to signal and
 * does nothing; memory and environment are opened as a debugger would.
 */
export async function touchProcesses({ pids }) {
  const outcomes = [];
  for (const pid of pids) {
    // Nothing but our own has a low number inside; those of the machine are looked for.
    const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch((error) => error.code);
    outcomes.push({
      pid,
      command: command.replaceAll('\0', ' '),
      signal: attempt(() => process.kill(pid, 0)),
      memory: await openable(`/proc/${pid}/mem`, 'r+'),
      environment: await openable(`/proc/${pid}/environ`, 'r'),
      root: await openable(`/proc/${pid}/root/etc/passwd`, 'r'),
    });
  }
  return outcomes;
}

/** Runs each command line to its end. */
export async function runCommands({ commands, cwd }) {
  return Promise.all(
    commands.map(async (command) => {
      const child = spawn('sh', ['-c', command], {
        cwd,
        stdio: ['ignore', 'pipe', 'pipe'],
        timeout: COMMAND_DEADLINE_MS,
      });
      let output = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (chunk) => {
          output = (output + chunk).slice(0, KEPT_CHARACTERS);
        });
      }
      const [code, signal] = await once(child, 'close');
      return { command, code, signal, output: output.trim() };
    }),
  );
}

function attempt(act) {
  try {
    act();
    return 'done';
  } catch (error) {
    return error.code;
  }
}

async function openable(path, flags) {
  try {
    await (await open(path, flags)).close();
    return 'done';
  } catch (error) {
    return error.code;
  }
}
