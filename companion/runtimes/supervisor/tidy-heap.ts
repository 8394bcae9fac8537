/** A service that ends is often followed by another one that starts. */
const QUIET_MS = 2_000;
let timer: NodeJS.Timeout | undefined;

/**
 * Gives back what passed through this process and V8 keeps, some MB, once a service has ended: a pod whose builder was
 * ended because nobody looks is to take little. V8 itself collects when there is more to do, which may be never.
 */
export function tidyHeapLater(): void {
  clearTimeout(timer);
  timer = setTimeout(() => void tidyHeap(), QUIET_MS);
  timer.unref();
}

async function tidyHeap(): Promise<void> {
  // Loaded by then: a pod's start is short of every millisecond.
  const [{ setFlagsFromString }, { runInNewContext }] = await Promise.all([
    import('node:v8'),
    import('node:vm'),
  ]);
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  setFlagsFromString('--no-expose-gc');
  if (typeof collect === 'function') collect();
}
