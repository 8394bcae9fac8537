import type { NetworkRequestDetail } from '#shared/api/network.ts';

/** When each thing happened to a request, by performance.now(). */
export class RequestPhases {
  readonly #begunAt: number;
  #chosenAt: number | undefined;
  #connectedAt: number | undefined;
  #sentAt: number | undefined;
  #answeredAt: number | undefined;
  #endedAt: number | undefined;

  constructor(begunAt: number) {
    this.#begunAt = begunAt;
  }

  get isOver(): boolean {
    return this.#endedAt !== undefined;
  }
  /** Undefined while it goes on. */
  get durationMs(): number | undefined {
    return this.#endedAt === undefined ? undefined : round(this.#endedAt - this.#begunAt);
  }

  /** Who takes it is known. */
  chosen(): void {
    this.#chosenAt ??= performance.now();
  }

  /** A connection to them stands. */
  connected(): void {
    this.#connectedAt ??= performance.now();
  }

  /** Its last byte is on its way. */
  sent(at = performance.now()): void {
    this.#sentAt ??= at;
  }

  /** The head of the answer is there; of several the last counts. */
  answered(): void {
    this.#answeredAt = performance.now();
  }

  ended(): void {
    this.#endedAt ??= performance.now();
  }

  /** Somebody else saw how long it took. */
  endedAfter(durationMs: number): void {
    this.#endedAt = this.#begunAt + durationMs;
  }

  timings(): NetworkRequestDetail['timings'] {
    const chosen = this.#chosenAt;
    const ready = this.#connectedAt ?? chosen;
    return {
      blocked: between(this.#begunAt, chosen),
      connect: between(chosen, this.#connectedAt),
      send: between(ready, this.#sentAt),
      wait: between(this.#sentAt, this.#answeredAt),
      receive: between(this.#answeredAt, this.#endedAt),
    };
  }
}

/** An answer may begin before the request has ended; then nothing was waited for. */
const between = (from: number | undefined, to: number | undefined): number | undefined =>
  from === undefined || to === undefined ? undefined : round(Math.max(0, to - from));

/** Microseconds are as fine as anybody needs it. */
const round = (milliseconds: number): number => Math.round(milliseconds * 1_000) / 1_000;
