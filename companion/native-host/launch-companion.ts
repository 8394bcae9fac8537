import { spawn } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLI = fileURLToPath(new URL('../cli.ts', import.meta.url));
const LOG_TAIL_BYTES = 600;

export interface LaunchedCompanion {
  /** Resolves with how it ended, if it ends while somebody still waits for it. */
  ended: Promise<string>;
}

/** Starts a companion that outlives this process: a session of its own, its output in companion.log. */
export async function launchCompanion(
  home: string,
  command: string[] = [process.execPath, CLI, 'serve'],
): Promise<LaunchedCompanion> {
  mkdirSync(home, { recursive: true, mode: 0o700 });
  const log = openSync(join(home, 'companion.log'), 'a', 0o600);
  try {
    const [file = '', ...rest] = command;
    const child = spawn(file, rest, {
      detached: true,
      stdio: ['ignore', log, log],
      cwd: home,
      env: { ...process.env, VITRINE_HOME: home },
      windowsHide: true,
    });
    const ended = new Promise<string>((resolve) => {
      child.once('error', (error) => resolve(error.message));
      child.once('exit', (code, signal) => resolve(`it ended with ${signal ?? `code ${code}`}`));
    });
    child.unref();
    return { ended };
  } finally {
    closeSync(log);
  }
}

/** The last words of the companion's log, on one line. */
export async function logTail(home: string): Promise<string> {
  try {
    const file = await open(join(home, 'companion.log'), 'r');
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - LOG_TAIL_BYTES);
      const { buffer, bytesRead } = await file.read(Buffer.alloc(LOG_TAIL_BYTES), 0, LOG_TAIL_BYTES, start);
      return buffer
        .toString('utf8', 0, bytesRead)
        .trim()
        .replace(/\s*\n\s*/g, ' ⏎ ');
    } finally {
      await file.close();
    }
  } catch {
    return '';
  }
}
