/** Of each line that is kept. Characters. */
const MAX_LINE = 300;

/** What stands below the message of an error: its stack, the version of the runtime, a mark under a column. */
const SAYS_NOTHING = /^\s*$|^\s+(?:at|from) \S|^\s*\^+\s*$|^(?:Node\.js|Bun|Deno) v?\d/;

/** The lines that a program printed last, without those that do not say what went wrong. */
export class LastLines {
  readonly #lines: string[] = [];
  readonly #most: number;

  constructor(most: number) {
    this.#most = most;
  }

  get all(): readonly string[] {
    return this.#lines;
  }

  note(line: string): void {
    // A stack alone is better than nothing.
    if (SAYS_NOTHING.test(line) && (this.#lines.length > 0 || line.trim() === '')) return;
    this.#lines.push(line.slice(0, MAX_LINE));
    if (this.#lines.length > this.#most) this.#lines.shift();
  }
}
