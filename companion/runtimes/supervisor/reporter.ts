import { Socket } from 'node:net';
import type { SupervisorReport } from './protocol.ts';

/** Unsent bytes from which on output lines are dropped instead of queued. */
const CONGESTED_BYTES = 1_000_000;

/**
 * Writes reports to standard output. Not through process.stdout, which blocks the whole process on a full pipe:
 * the gateway must go on when the companion is slow to read.
 */
export class Reporter {
  readonly #socket = new Socket({ fd: 1, readable: false, writable: true });

  constructor() {
    // The companion is gone: the end of standard input says so too.
    this.#socket.on('error', () => {});
  }

  get congested(): boolean {
    return this.#socket.writableLength > CONGESTED_BYTES;
  }

  send(report: SupervisorReport): void {
    this.#socket.write(`${JSON.stringify(report)}\n`);
  }
}
