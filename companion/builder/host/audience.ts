export interface AudienceParts {
  /** As long as this nobody may look or ask before there is nobody, ms. */
  idleMs: number;
  /** Somebody looks. */
  onSeen(): void;
  /** Nobody has looked or asked for a while. */
  onIdle(): void;
  closed: AbortSignal;
}

/** Who sees the pages of a frontend: what runs for them is ended while there is nobody. */
export class Audience {
  readonly #parts: AudienceParts;
  /** Pages that a person can see, by their ids. */
  readonly #visible = new Set<string>();
  #timer: NodeJS.Timeout | undefined;

  constructor(parts: AudienceParts) {
    this.#parts = parts;
    parts.closed.addEventListener('abort', () => clearTimeout(this.#timer), { once: true });
  }

  /** A page came, or can be seen again. */
  sees(frameId: string): void {
    this.#visible.add(frameId);
  }

  /** A page is behind something else, or away. */
  leaves(frameId: string): void {
    this.#visible.delete(frameId);
  }

  /** Somebody asks for something, or the pages changed: the wait begins anew. */
  stirs(): void {
    clearTimeout(this.#timer);
    const { closed, idleMs, onSeen, onIdle } = this.#parts;
    if (closed.aborted) return;
    if (this.#visible.size > 0) return onSeen();
    this.#timer = setTimeout(onIdle, idleMs);
    this.#timer.unref();
  }
}
