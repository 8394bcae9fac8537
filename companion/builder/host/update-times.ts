/** Updates remembered while no page has applied them. */
const MAX_OPEN = 100;

/** Time from a file's change to the page that shows it. */
export class UpdateTimes {
  readonly #startedAt = new Map<number, number>();
  #changedAt: number | null = null;

  changed(): void {
    this.#changedAt ??= performance.now();
  }

  /** The change is in this revision, on its way to the pages. */
  sent(revision: number): void {
    if (this.#changedAt === null) return;
    this.#startedAt.set(revision, this.#changedAt);
    this.#changedAt = null;
    const [oldest] = this.#startedAt.keys();
    if (this.#startedAt.size > MAX_OPEN && oldest !== undefined) this.#startedAt.delete(oldest);
  }

  /** Milliseconds since the change, for the first page that applied a revision; null for all others. */
  applied(revision: number): number | null {
    const startedAt = this.#startedAt.get(revision);
    if (startedAt === undefined) return null;
    this.#startedAt.delete(revision);
    return performance.now() - startedAt;
  }
}
