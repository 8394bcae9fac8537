import { effect, type ReadonlySignal, signal, untracked } from '@preact/signals';
import type { ConsoleLine, ShownEntry } from './console-buffer.ts';
import { type ConsoleFilter, type LineTest, lineTest } from './console-filter.ts';

/** A line that is shown, and how often in a row it came. */
export interface ConsoleRowData {
  /** Number of the first of the lines it stands for. */
  id: number;
  entry: ShownEntry;
  count: number;
}

export interface ConsoleViewOptions {
  lines: ReadonlySignal<readonly ConsoleLine[]>;
  filter: ReadonlySignal<ConsoleFilter>;
  /** Whether a line that repeats the one before is counted instead of shown. */
  grouping: { readonly value: boolean };
}

/** Longest stretch of work on the page's only thread, milliseconds. */
const SLICE_MS = 12;
/** How often the clock is looked at. */
const LINES_PER_LOOK = 500;

/**
 * The rows of a console: lines that pass the filter, repeats grouped. New lines are added to what is there; a new
 * filter goes over all lines again, in slices, so that a hundred thousand of them stop nothing.
 */
export class ConsoleView {
  readonly rows = signal<readonly ConsoleRowData[]>([]);
  readonly #options: ConsoleViewOptions;
  readonly #stop: () => void;
  #rows: ConsoleRowData[] = [];
  #passes: LineTest = () => true;
  /** Number of the next line to look at. */
  #next = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: ConsoleViewOptions) {
    this.#options = options;
    let filter: ConsoleFilter | undefined;
    let grouping: boolean | undefined;
    this.#stop = effect(() => {
      options.lines.value;
      if (options.filter.value !== filter || options.grouping.value !== grouping) {
        filter = options.filter.value;
        grouping = options.grouping.value;
        this.#passes = lineTest(filter);
        this.#rows = [];
        this.#next = 0;
      }
      untracked(() => this.#work());
    });
  }

  close(): void {
    this.#stop();
    clearTimeout(this.#timer);
  }

  #work(): void {
    clearTimeout(this.#timer);
    const lines = this.#options.lines.peek();
    const oldest = lines[0]?.id ?? Number.POSITIVE_INFINITY;
    this.#dropBefore(oldest);
    const until = performance.now() + SLICE_MS;
    // Lines are numbered without gaps.
    let index = Number.isFinite(oldest) ? Math.max(0, this.#next - oldest) : lines.length;
    for (; index < lines.length; index++) {
      const line = lines[index];
      if (line && this.#passes(line.entry)) this.#add(line);
      if (index % LINES_PER_LOOK === 0 && performance.now() > until) {
        index += 1;
        this.#timer = setTimeout(() => this.#work());
        break;
      }
    }
    this.#next = (lines[index - 1]?.id ?? this.#next - 1) + 1;
    this.rows.value = this.#rows.slice();
  }

  #add({ id, entry }: ConsoleLine): void {
    const last = this.#rows.at(-1);
    if (last && this.#options.grouping.value && isSame(last.entry, entry)) {
      // A new object: rows are drawn again only when they are another one.
      this.#rows[this.#rows.length - 1] = { ...last, count: last.count + 1 };
    } else this.#rows.push({ id, entry, count: 1 });
  }

  /** A group is dropped with its first line. */
  #dropBefore(oldest: number): void {
    let drop = 0;
    while (drop < this.#rows.length && (this.#rows[drop]?.id ?? 0) < oldest) drop += 1;
    // The last row may stand for lines that are still kept.
    if (drop === this.#rows.length && Number.isFinite(oldest) && drop > 0 && this.#next > oldest) drop -= 1;
    if (drop > 0) this.#rows.splice(0, drop);
  }
}

/** Of objects the text tells too little. */
function isSame(a: ShownEntry, b: ShownEntry): boolean {
  return (
    a.text === b.text &&
    !a.values &&
    !b.values &&
    !a.role &&
    !b.role &&
    a.level === b.level &&
    a.source === b.source &&
    a.service === b.service &&
    a.stack === b.stack &&
    a.place === b.place
  );
}
