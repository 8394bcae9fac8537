import { signal } from '@preact/signals';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';

/** Entries that are kept; older ones are dropped. */
export const MAX_ENTRIES = 5_000;
/** Characters that all kept entries hold together: five thousand lines of the longest kind would be 80 million. */
const MAX_CHARACTERS = 8_000_000;
/** How much may pile up between two tellings before the oldest are dropped. */
const SLACK = 500;
/** The screen hears of new entries at most this often. A timer, not a frame: it also runs in a hidden tab. */
const TELL_EVERY_MS = 80;

/** An entry and its number, which stays the same for as long as it is kept. */
export interface ConsoleLine {
  id: number;
  entry: ConsoleEntry;
}

/** The last lines of a console, bounded in number and in size, told in bursts. */
export class ConsoleBuffer {
  /** Rises with each telling; read it to follow `lines`. */
  readonly version = signal(0);
  /** Whether lines were dropped since the last clear. */
  readonly dropped = signal(false);
  /** Errors and warnings among the kept lines. */
  readonly errors = signal(0);
  readonly warnings = signal(0);
  #lines: ConsoleLine[] = [];
  #characters = 0;
  #nextId = 1;
  #errors = 0;
  #warnings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  get lines(): readonly ConsoleLine[] {
    return this.#lines;
  }

  push(entry: ConsoleEntry): void {
    this.#lines.push({ id: this.#nextId++, entry });
    this.#count(entry, 1);
    if (this.#lines.length > MAX_ENTRIES + SLACK || this.#characters > MAX_CHARACTERS) this.#trim();
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  clear(): void {
    this.#lines = [];
    this.#characters = 0;
    this.#errors = 0;
    this.#warnings = 0;
    this.dropped.value = false;
    this.#tell();
  }

  /** Ends the timer. The buffer stays readable. */
  close(): void {
    clearTimeout(this.#timer);
  }

  #tell(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#trim();
    this.errors.value = this.#errors;
    this.warnings.value = this.#warnings;
    this.version.value += 1;
  }

  #trim(): void {
    let drop = Math.max(0, this.#lines.length - MAX_ENTRIES);
    for (const { entry } of this.#lines.slice(0, drop)) this.#count(entry, -1);
    for (let line = this.#lines[drop]; line && this.#characters > MAX_CHARACTERS; line = this.#lines[drop]) {
      this.#count(line.entry, -1);
      drop += 1;
    }
    if (drop === 0) return;
    this.#lines = this.#lines.slice(drop);
    this.dropped.value = true;
  }

  #count({ level, text, stack }: ConsoleEntry, sign: 1 | -1): void {
    this.#characters += sign * (text.length + (stack?.length ?? 0));
    if (level === 'error') this.#errors += sign;
    if (level === 'warn') this.#warnings += sign;
  }
}
