import { stripVTControlCharacters } from 'node:util';
import { VitrineError } from '#shared/errors.ts';
import type { ServiceExit } from '../../runtimes/runtime.ts';

/** Lines that a failure shows of what was printed before. */
const KEPT_LINES = 12;
const MAX_LINE_LENGTH = 300;

/** The newest of what a server printed. */
export class LastLines {
  #lines: string[] = [];

  add(line: string): void {
    const text = stripVTControlCharacters(line).trimEnd();
    if (text === '') return;
    this.#lines.push(text.slice(0, MAX_LINE_LENGTH));
    if (this.#lines.length > KEPT_LINES) this.#lines.shift();
  }

  clear(): void {
    this.#lines = [];
  }

  /** To put behind a sentence. */
  toString(): string {
    return this.#lines.length === 0 ? '' : ` It printed last:\n${this.#lines.join('\n')}`;
  }
}

export function serverEnded(
  { code, signal, outOfMemory, outOfDisk }: ServiceExit,
  lines: LastLines,
): VitrineError {
  const how = outOfMemory
    ? 'ran out of memory'
    : outOfDisk
      ? 'used up its disk space'
      : `ended (${signal ?? `exit code ${code}`})`;
  const limit = outOfMemory
    ? 'isolation.frontend.memory_mb'
    : outOfDisk
      ? 'isolation.backend.resource_limits.disk_mb'
      : null;
  return new VitrineError({
    code: outOfMemory ? 'DEVSERVER_OUT_OF_MEMORY' : 'DEVSERVER_ENDED',
    message: `The project’s dev server ${how}.${lines}`,
    remedy: limit
      ? `Raise ${limit} in .vibe-kanban/environment.yaml.`
      : 'Correct what it complains about; it is started again when a file changes. Another command goes into isolation.frontend.command.',
    status: 502,
  });
}

export const serverSilent = (port: number, deadlineMs: number, lines: LastLines): VitrineError =>
  new VitrineError({
    code: 'DEVSERVER_SILENT',
    message: `The project’s dev server did not listen on port ${port} or on one it printed within ${deadlineMs / 1_000} s.${lines}`,
    remedy: 'Let it take its port from the PORT variable, or print the address it listens on.',
    status: 504,
  });

export const serverDown = (cause?: unknown): VitrineError =>
  new VitrineError({
    code: 'DEVSERVER_DOWN',
    message: 'The project’s dev server does not run.',
    remedy: 'Look at the environment’s console, and restart the environment.',
    status: 502,
    cause,
  });

export const serverStarting = (): VitrineError =>
  new VitrineError({
    code: 'DEVSERVER_STARTING',
    message: 'The project’s dev server is starting.',
    remedy: 'Ask again in a moment.',
    status: 503,
  });
