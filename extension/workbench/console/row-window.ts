/** Height of a row nobody has seen yet, CSS pixels. */
export const ROW_ESTIMATE_PX = 22;
/** Rows drawn beyond the edges, so that a quick scroll shows no gap. */
const OVERSCAN_PX = 200;

export interface RowWindow {
  /** First row to draw, and the one after the last. */
  first: number;
  end: number;
  /** Space in place of the rows before and after. */
  before: number;
  after: number;
}

/** Heights of rows by their number: measured where they were drawn, estimated elsewhere. */
export class RowHeights {
  #measured = new Map<number, number>();

  of(id: number): number {
    return this.#measured.get(id) ?? ROW_ESTIMATE_PX;
  }

  /** Takes a measured height; true when it differs from what was believed. */
  set(id: number, height: number): boolean {
    if (this.of(id) === height) return false;
    this.#measured.set(id, height);
    return true;
  }

  /** Everything is measured anew: the width has changed. */
  forgetAll(): void {
    this.#measured.clear();
  }

  /** Forgets rows before the oldest one that still exists. */
  forgetBefore(oldest: number): void {
    for (const id of this.#measured.keys()) if (id < oldest) this.#measured.delete(id);
  }
}

interface Identified {
  id: number;
}

/** Which rows to draw for a scroll position. One pass over all rows: 5,000 take some ten microseconds. */
export function rowWindow(
  rows: readonly Identified[],
  heights: RowHeights,
  scrollTop: number,
  viewport: number,
): RowWindow {
  const from = scrollTop - OVERSCAN_PX;
  const to = scrollTop + viewport + OVERSCAN_PX;
  let y = 0;
  let first = -1;
  let end = 0;
  let before = 0;
  let drawn = 0;
  for (const [index, row] of rows.entries()) {
    const height = heights.of(row.id);
    if (y + height > from && y < to) {
      if (first < 0) {
        first = index;
        before = y;
      }
      end = index + 1;
      drawn = y + height;
    }
    y += height;
  }
  if (first < 0) return { first: 0, end: 0, before: y, after: 0 };
  return { first, end, before, after: y - drawn };
}

/** The row at a scroll position, and how far it is scrolled out: what stays in place when heights change. */
export function anchorAt(
  rows: readonly Identified[],
  heights: RowHeights,
  scrollTop: number,
): { id: number; offset: number } | undefined {
  let y = 0;
  for (const { id } of rows) {
    const height = heights.of(id);
    if (y + height > scrollTop) return { id, offset: scrollTop - y };
    y += height;
  }
  return undefined;
}

/** Where a row begins; the beginning for one that is no longer there. */
export function topOf(rows: readonly Identified[], heights: RowHeights, id: number): number {
  let y = 0;
  for (const row of rows) {
    if (row.id >= id) return y;
    y += heights.of(row.id);
  }
  return y;
}
