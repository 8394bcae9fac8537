import { VitrineError } from '#shared/errors.ts';
import type { ChosenReplica } from './backend-target.ts';

/** Requests of one environment that wait for its backend at a time: pages ask for dozens of things at once. */
const MAX_WAITING = 256;
/** A person sees the page that says what is going on after this. */
const PAGE_WAIT_MS = 2_000;
/** A script gets its answer late rather than never; browsers themselves wait for minutes. */
const SCRIPT_WAIT_MS = 20_000;

/** Where requests wait for a backend that starts: not too many, and not for too long. */
export class WaitingRoom {
  #waiting = 0;

  /**
   * Waits for a replica that is being chosen until `gone` is aborted, and aborts it when that takes too long. Rejects with the reason, or
   * with why there is none. What is chosen too late is released.
   */
  async wait(
    coming: Promise<ChosenReplica>,
    gone: AbortController,
    isNavigation: boolean,
  ): Promise<ChosenReplica> {
    const { signal } = gone;
    if (this.#waiting >= MAX_WAITING) gone.abort(tooMany());
    this.#waiting += 1;
    const { promise, resolve, reject } = Promise.withResolvers<ChosenReplica>();
    if (signal.aborted) reject(signal.reason);
    const onAbort = () => reject(signal.reason);
    signal.addEventListener('abort', onAbort, { once: true });
    const timer = setTimeout(
      () => gone.abort(starting(isNavigation)),
      isNavigation ? PAGE_WAIT_MS : SCRIPT_WAIT_MS,
    );
    coming.then((replica) => (signal.aborted ? replica.release() : resolve(replica)), reject);
    try {
      return await promise;
    } finally {
      clearTimeout(timer);
      signal.removeEventListener('abort', onAbort);
      this.#waiting -= 1;
    }
  }
}

const starting = (isNavigation: boolean) =>
  new VitrineError({
    code: 'BACKEND_STARTING',
    message: 'The backend of this preview is starting …',
    remedy: isNavigation ? 'This page loads itself again.' : 'Ask again in a moment.',
    status: 503,
  });

const tooMany = () =>
  new VitrineError({
    code: 'BACKEND_STARTING',
    message: `More than ${MAX_WAITING} requests wait for the backend of this preview.`,
    remedy: 'Ask again in a moment.',
    status: 503,
  });
