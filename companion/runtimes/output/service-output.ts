import type { Readable } from 'node:stream';
import { FloodGuard } from './flood-guard.ts';
import { LineSplitter, MAX_LINE_BYTES } from './line-splitter.ts';

/**
 * Bytes read in one window; beyond, the service waits in its own write(2). 40 MB/s, in portions so small that requests
 * of others do not wait for them.
 */
const WINDOW_BYTES = 400_000;
const WINDOW_MS = 10;

export interface OutputTarget {
  onLine(line: string): void;
  /** True while whoever takes the lines is behind. */
  congested?(): boolean;
}

/**
 * Reads a service's output stream into lines: bounded in memory, in reading rate and in lines passed on, so that
 * a flooding service costs neither its neighbours nor the companion. Resolves when the stream is over.
 */
export function readOutput(stream: Readable, target: OutputTarget): Promise<void> {
  const guard = new FloodGuard((line) => target.onLine(line));
  const admits = (bytes: number) => guard.admits(bytes, target.congested?.() ?? false);
  const splitter = new LineSplitter((line) => guard.pass(line), MAX_LINE_BYTES, admits);
  let windowBytes = 0;
  let windowEnds: NodeJS.Timeout | null = null;

  return new Promise((resolve) => {
    const finish = () => {
      if (windowEnds) clearTimeout(windowEnds);
      windowEnds = null;
      splitter.end();
      guard.end();
      resolve();
    };
    stream.on('data', (chunk: Buffer) => {
      splitter.push(chunk);
      windowBytes += chunk.length;
      windowEnds ??= setTimeout(() => {
        windowEnds = null;
        windowBytes = 0;
        stream.resume();
      }, WINDOW_MS).unref();
      if (windowBytes > WINDOW_BYTES) stream.pause();
    });
    // A broken pipe ends the output like its end does.
    stream.on('error', () => {});
    stream.once('close', finish);
  });
}
