import { once } from 'node:events';
import type { Readable } from 'node:stream';
import { startChild } from './child.ts';

const START_DEADLINE_MS = 10_000;

/** A virtual X display of our own, where real keys and clicks disturb nobody. */
export interface Display {
  /** As DISPLAY wants it: `:5`. */
  readonly name: string;
  stop(): Promise<void>;
}

export async function startDisplay({ width = 1600, height = 1000 } = {}): Promise<Display> {
  // The server picks a free number by itself and writes it to descriptor 3.
  const args = ['-displayfd', '3', '-screen', '0', `${width}x${height}x24`, '-nolisten', 'tcp', '-noreset'];
  const server = await startChild('Xvfb', args, { stdio: ['ignore', 'pipe', 'pipe', 'pipe'] });
  const numbers = server.process.stdio[3] as Readable;
  try {
    const [number] = await once(numbers, 'data', { signal: AbortSignal.timeout(START_DEADLINE_MS) });
    return { name: `:${String(number).trim()}`, stop: server.stop };
  } catch (cause) {
    await server.stop();
    throw new Error(`Xvfb did not start:\n${server.output()}`, { cause });
  }
}
