import { signal } from '@preact/signals';

/** How long somebody may think better of it. */
export const UNDO_MS = 6_000;

/** Environments that are about to be ended, unless somebody undoes it. A page that is closed meanwhile ends nothing. */
export class PendingEnds {
  readonly ids = signal<ReadonlySet<string>>(new Set());
  readonly #end: (id: string) => void;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  constructor(end: (id: string) => void, signal: AbortSignal) {
    this.#end = end;
    signal.addEventListener('abort', () => this.undo([...this.#timers.keys()]), { once: true });
  }

  schedule(ids: readonly string[]): void {
    for (const id of ids) {
      if (this.#timers.has(id)) continue;
      this.#timers.set(
        id,
        setTimeout(() => {
          this.undo([id]);
          this.#end(id);
        }, UNDO_MS),
      );
    }
    this.#tell();
  }

  undo(ids: readonly string[]): void {
    for (const id of ids) {
      clearTimeout(this.#timers.get(id));
      this.#timers.delete(id);
    }
    this.#tell();
  }

  #tell(): void {
    this.ids.value = new Set(this.#timers.keys());
  }
}
