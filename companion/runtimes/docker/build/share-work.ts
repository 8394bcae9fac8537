interface Shared<T> {
  result: Promise<T>;
  waiting: number;
  stop: AbortController;
}

const running = new Map<string, Shared<unknown>>();

/**
 * Lets everybody who wants the same thing wait for one piece of work. Whoever gives up leaves it to the others; the
 * last one to give up stops it. Rejects with the work's error, or with the signal's reason. Keys must not be used
 * for results of different types.
 */
export async function shareWork<T>(
  key: string,
  signal: AbortSignal,
  work: (signal: AbortSignal) => Promise<T>,
): Promise<T> {
  signal.throwIfAborted();
  let shared = running.get(key) as Shared<T> | undefined; // as its key says, see above
  if (!shared) {
    const stop = new AbortController();
    const result = work(stop.signal);
    const started: Shared<T> = { result, waiting: 0, stop };
    running.set(key, started);
    const forget = () => {
      if (running.get(key) === started) running.delete(key);
    };
    result.then(forget, forget);
    shared = started;
  }
  shared.waiting += 1;
  const aborted = Promise.withResolvers<never>();
  const onAbort = () => aborted.reject(signal.reason);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([shared.result, aborted.promise]);
  } finally {
    signal.removeEventListener('abort', onAbort);
    shared.waiting -= 1;
    if (shared.waiting === 0) {
      if (running.get(key) === shared) running.delete(key);
      shared.stop.abort(signal.reason);
    }
  }
}
