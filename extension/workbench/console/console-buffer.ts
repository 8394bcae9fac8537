import { batch, signal } from '@preact/signals';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';

/** Entries that are kept; older ones are dropped. */
export const MAX_ENTRIES = 100_000;
/** Characters that all kept entries hold together: a hundred thousand of the longest would be 1.6 billion. */
const MAX_CHARACTERS = 32_000_000;
/** How much may pile up between two tellings before the oldest are dropped. */
const SLACK = 5_000;
/** The screen hears of new entries at most this often. A timer, not a frame: it also runs in a hidden tab. */
const TELL_EVERY_MS = 80;

/** What was printed, or what a person had evaluated and what that came to. */
export interface ShownEntry extends ConsoleEntry {
  role?: 'input' | 'result';
}

/** An entry and its number, which stays the same for as long as it is kept. */
export interface ConsoleLine {
  id: number;
  entry: ShownEntry;
}

/** The last lines of a console, bounded in number and in size, told in bursts. */
export class ConsoleBuffer {
  /** The kept lines as of the last telling: a new list each time. */
  readonly lines = signal<readonly ConsoleLine[]>([]);
  /** Whether lines were dropped since the last clear. */
  readonly dropped = signal(false);
  /** Errors and warnings among the kept lines. */
  readonly errors = signal(0);
  readonly warnings = signal(0);
  #kept: ConsoleLine[] = [];
  #characters = 0;
  #nextId = 1;
  #errors = 0;
  #warnings = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  push(entry: ShownEntry): void {
    this.#kept.push({ id: this.#nextId++, entry });
    this.#count(entry, 1);
    if (this.#kept.length > MAX_ENTRIES + SLACK || this.#characters > MAX_CHARACTERS) this.#trim();
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY_MS);
  }

  clear(): void {
    this.#kept = [];
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
    batch(() => {
      this.errors.value = this.#errors;
      this.warnings.value = this.#warnings;
      this.lines.value = this.#kept.slice();
    });
  }

  #trim(): void {
    let drop = Math.max(0, this.#kept.length - MAX_ENTRIES);
    for (const { entry } of this.#kept.slice(0, drop)) this.#count(entry, -1);
    for (let line = this.#kept[drop]; line && this.#characters > MAX_CHARACTERS; line = this.#kept[drop]) {
      this.#count(line.entry, -1);
      drop += 1;
    }
    if (drop === 0) return;
    this.#kept = this.#kept.slice(drop);
    this.dropped.value = true;
  }

  #count({ level, text, stack, place, values }: ShownEntry, sign: 1 | -1): void {
    // Most lines are text alone, and they come by the thousand.
    const inValues = values ? values.reduce((sum, value) => sum + weightOf(value), 0) : 0;
    this.#characters += sign * (text.length + (stack?.length ?? 0) + (place?.length ?? 0) + inValues);
    if (level === 'error') this.#errors += sign;
    if (level === 'warn') this.#warnings += sign;
  }
}

/** What a value takes beside its characters. */
const VALUE_OVERHEAD = 50;

function weightOf({ text, entries = [] }: ConsoleValue): number {
  return entries.reduce(
    (sum, { key, value }) => sum + key.length + weightOf(value),
    text.length + VALUE_OVERHEAD,
  );
}
