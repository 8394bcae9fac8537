/** Lines that are remembered, for as long as the preview is shown. */
const MAX_LINES = 100;

/** What was evaluated, to be taken up again line by line. What is being typed is kept meanwhile. */
export class InputHistory {
  #lines: string[] = [];
  /** Position; the end is what is being typed. */
  #at = 0;
  #draft = '';

  add(line: string): void {
    if (this.#lines.at(-1) !== line) this.#lines.push(line);
    this.#lines = this.#lines.slice(-MAX_LINES);
    this.#at = this.#lines.length;
    this.#draft = '';
  }

  /** The line before or after; undefined where there is none. `shown` is what the field holds now. */
  step(by: -1 | 1, shown: string): string | undefined {
    const next = this.#at + by;
    if (next < 0 || next > this.#lines.length) return undefined;
    if (this.#at === this.#lines.length) this.#draft = shown;
    this.#at = next;
    return this.#lines[next] ?? this.#draft;
  }
}
