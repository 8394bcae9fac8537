/** Height of a row nobody has seen yet, CSS pixels. */
export const ROW_ESTIMATE_PX = 22;
/** Rows drawn beyond the edges, so that a quick scroll shows no gap. */
const OVERSCAN_PX = 200;

interface Identified {
  id: number;
}

export interface RowWindow {
  /** First row to draw, and the one after the last. */
  first: number;
  end: number;
  /** Space in place of the rows before and after. */
  before: number;
  after: number;
}

/**
 * Where rows are that have different heights. Only what differs from the estimate is kept, sorted by row, so that a
 * place is found in a few steps among a hundred thousand rows.
 */
export class RowHeights {
  /** Numbers of the rows that differ, rising, and by how much each does. */
  #ids: number[] = [];
  #differences: number[] = [];
  /** Sum of the differences before each; made when it is asked for. */
  #sums: number[] | undefined;

  of(id: number): number {
    const at = lowerBound(this.#ids, id);
    return ROW_ESTIMATE_PX + (this.#ids[at] === id ? (this.#differences[at] ?? 0) : 0);
  }

  /** Takes a measured height; true when it differs from what was believed. */
  set(id: number, height: number): boolean {
    const at = lowerBound(this.#ids, id);
    const isKnown = this.#ids[at] === id;
    const difference = height - ROW_ESTIMATE_PX;
    if ((isKnown ? this.#differences[at] : 0) === difference) return false;
    if (!isKnown) this.#ids.splice(at, 0, id);
    this.#differences.splice(at, isKnown ? 1 : 0, difference);
    this.#sums = undefined;
    return true;
  }

  /** Everything is measured anew: the width has changed. */
  forgetAll(): void {
    this.#ids = [];
    this.#differences = [];
    this.#sums = undefined;
  }

  /** Forgets rows before the oldest one that still exists. */
  forgetBefore(oldest: number): void {
    const count = lowerBound(this.#ids, oldest);
    if (count === 0) return;
    this.#ids.splice(0, count);
    this.#differences.splice(0, count);
    this.#sums = undefined;
  }

  /** Where the row at an index begins; the index after the last one gives the height of all. */
  topOf(rows: readonly Identified[], index: number): number {
    const id = rows[index]?.id ?? Number.POSITIVE_INFINITY;
    return index * ROW_ESTIMATE_PX + (this.#sumsBefore()[lowerBound(this.#ids, id)] ?? 0);
  }

  /** Index of the row at a height; the last row below all. */
  indexAt(rows: readonly Identified[], y: number): number {
    let low = 0;
    let high = rows.length - 1;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (this.topOf(rows, middle) <= y) low = middle;
      else high = middle - 1;
    }
    return Math.max(0, low);
  }

  /** Which rows to draw for a scroll position. */
  window(rows: readonly Identified[], scrollTop: number, viewport: number): RowWindow {
    if (rows.length === 0) return { first: 0, end: 0, before: 0, after: 0 };
    const first = this.indexAt(rows, scrollTop - OVERSCAN_PX);
    const end = this.indexAt(rows, scrollTop + viewport + OVERSCAN_PX) + 1;
    const after = this.topOf(rows, rows.length) - this.topOf(rows, end);
    return { first, end, before: this.topOf(rows, first), after };
  }

  #sumsBefore(): number[] {
    if (this.#sums) return this.#sums;
    let sum = 0;
    const sums = [0];
    for (const difference of this.#differences) {
      sum += difference;
      sums.push(sum);
    }
    this.#sums = sums;
    return sums;
  }
}

/** Index of the first row whose number is not below the given one. */
export function indexOfId(rows: readonly Identified[], id: number): number {
  let low = 0;
  let high = rows.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((rows[middle]?.id ?? 0) < id) low = middle + 1;
    else high = middle;
  }
  return low;
}

function lowerBound(sorted: readonly number[], wanted: number): number {
  let low = 0;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((sorted[middle] ?? 0) < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
