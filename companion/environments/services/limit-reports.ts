import type { Failure } from '#shared/api/environment.ts';
import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { LimitEvent } from '../../runtimes/runtime.ts';
import { limitFailure } from './service-failures.ts';

/** The same limit is told once in this time: a fork bomb reaches it thousands of times a second. */
const QUIET_MS = 10_000;
/** A service that ends this soon after it was said to be ended for a limit ended for that. */
const SAME_END_MS = 3_000;

/** Turns the limits a pod reaches into sentences, each once. */
export class LimitReports {
  readonly #limits: () => ResourceLimits;
  readonly #tell: (failure: Failure, event: LimitEvent) => void;
  readonly #toldAt = new Map<string, number>();
  #lastEnd: { event: LimitEvent; at: number } | undefined;

  constructor(limits: () => ResourceLimits, tell: (failure: Failure, event: LimitEvent) => void) {
    this.#limits = limits;
    this.#tell = tell;
  }

  report(event: LimitEvent): void {
    const now = performance.now();
    if (event.ended) this.#lastEnd = { event, at: now };
    const key = `${event.limit} ${event.ended} ${event.service ?? ''}`;
    if (now - (this.#toldAt.get(key) ?? Number.NEGATIVE_INFINITY) < QUIET_MS) return;
    this.#toldAt.set(key, now);
    this.#tell(limitFailure(event, this.#limits()), event);
  }

  /** The limit that a service, of this name in the pod, was ended for just now. */
  endOf(service: string): LimitEvent['limit'] | undefined {
    if (!this.#lastEnd || performance.now() - this.#lastEnd.at > SAME_END_MS) return undefined;
    const { event } = this.#lastEnd;
    return event.service === undefined || event.service === service ? event.limit : undefined;
  }
}
