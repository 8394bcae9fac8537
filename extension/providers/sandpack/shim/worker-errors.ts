import { constructedThrough } from './constructed-through.ts';

type Place = Pick<ErrorEvent, 'filename' | 'lineno' | 'colno' | 'message'>;

/** Errors of workers that are still on their way to the page; each is there in the same turn. */
const MAX_EXPECTED = 50;
const expected: string[] = [];

/**
 * What a worker does not catch comes to the page as well, without its stack. Workers whose script the companion serves tell
 * of it themselves.
 */
export function watchWorkerErrors(): void {
  if (!globalThis.Worker) return;
  globalThis.Worker = constructedThrough(globalThis.Worker, (worker: Worker) => {
    worker.addEventListener('error', (event) => {
      if (!(event instanceof ErrorEvent) || !event.filename.startsWith(location.origin)) return;
      expected.push(keyOf(event));
      if (expected.length > MAX_EXPECTED) expected.shift();
    });
  });
}

/** Whether a page's error is one that a worker has told. */
export function isToldByWorker(event: ErrorEvent): boolean {
  const at = event.error === null ? expected.indexOf(keyOf(event)) : -1;
  if (at >= 0) expected.splice(at, 1);
  return at >= 0;
}

const keyOf = ({ filename, lineno, colno, message }: Place): string =>
  `${filename}:${lineno}:${colno} ${message}`;
