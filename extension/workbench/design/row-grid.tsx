// biome-ignore-all lint/a11y/useSemanticElements: a table element cannot hold rows that are placed by hand
// biome-ignore-all lint/a11y/useFocusableInteractive: the grid has the focus and names its active row
// biome-ignore-all lint/a11y/useKeyWithClickEvents: the grid listens to the keys
// biome-ignore-all lint/a11y/noStaticElementInteractions: its role is a property, grid or treegrid
// biome-ignore-all lint/a11y/useAriaPropsSupportedByRole: its role is a property, grid or treegrid
import './row-grid.css';
import { useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useLayoutEffect, useRef } from 'preact/hooks';

/** Rows drawn beyond the edges, so that a quick scroll shows no gap. */
const OVERSCAN = 10;
/** Closer to the end than this counts as being there. */
const END_SLACK_PX = 24;

interface RowGridProps<Row> {
  label: string;
  rows: readonly Row[];
  /** Height of every row, CSS pixels. */
  rowPx: number;
  columnCount: number;
  class: string;
  keyOf: (row: Row) => string | number;
  head?: ComponentChildren;
  /** The cells of a row; `inView` are the rows drawn with it. */
  cells: (row: Row, inView: readonly Row[]) => ComponentChildren;
  rowClass?: (row: Row) => string;
  chosen: string | number | undefined;
  onChoose: (row: Row) => void;
  /** A click, or Enter on the chosen row. */
  onOpen?: (row: Row) => void;
  /** For rows that hold others. */
  role?: 'grid' | 'treegrid';
  /** Of a row in a tree: how deep it is, from 1, and whether it is open. */
  level?: (row: Row) => { level: number; expanded?: boolean | undefined };
  /** Takes a key before the grid does; true when it was for it. */
  onKey?: (key: string, row: Row) => boolean;
  /** Keeps the last row in view while rows are added, unless somebody has scrolled up. */
  follows?: boolean;
}

/**
 * Rows of one height, of which only those in view exist as elements. One stop for Tab; arrows, Page, Home and End move
 * the choice.
 */
export function RowGrid<Row>(props: RowGridProps<Row>) {
  const { rows, rowPx, keyOf, chosen } = props;
  const scroller = useRef<HTMLDivElement>(null);
  const atEnd = useRef(true);
  const view = useSignal({ top: 0, height: 600 });
  const first = Math.max(0, Math.floor(view.value.top / rowPx) - OVERSCAN);
  const end = Math.min(rows.length, Math.ceil((view.value.top + view.value.height) / rowPx) + OVERSCAN);
  const inView = rows.slice(first, end);
  const chosenAt = chosen === undefined ? -1 : rows.findIndex((row) => keyOf(row) === chosen);
  const rowId = (index: number) => `${props.class}-${keyOf(rows[index] as Row)}`; // an index of these rows

  function look(): void {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop: top, clientHeight: height, scrollHeight } = element;
    atEnd.current = scrollHeight - top - height < END_SLACK_PX;
    if (view.peek().top !== top || view.peek().height !== height) view.value = { top, height };
  }

  useLayoutEffect(() => {
    const element = scroller.current;
    if (element && props.follows && atEnd.current) element.scrollTop = element.scrollHeight;
    look();
  }, [rows.length]);

  useEffect(() => {
    if (!scroller.current) return;
    const observer = new ResizeObserver(look);
    observer.observe(scroller.current);
    return () => observer.disconnect();
  }, []);

  function bringIntoView(index: number): void {
    const element = scroller.current;
    if (!element) return;
    const head = element.querySelector<HTMLElement>('[role=row].grid-head')?.offsetHeight ?? 0;
    if (index * rowPx < element.scrollTop) element.scrollTop = index * rowPx;
    const under = (index + 1) * rowPx + head - element.clientHeight;
    if (under > element.scrollTop) element.scrollTop = under;
  }

  useLayoutEffect(() => {
    // Also what was chosen elsewhere. Rows that come later leave it where it is.
    if (chosenAt >= 0) bringIntoView(chosenAt);
  }, [chosen]);

  function onKeyDown(event: KeyboardEvent): void {
    const page = Math.max(1, Math.floor(view.peek().height / rowPx) - 1);
    const next = {
      ArrowDown: chosenAt + 1,
      ArrowUp: chosenAt < 0 ? rows.length - 1 : chosenAt - 1,
      PageDown: chosenAt + page,
      PageUp: chosenAt - page,
      Home: 0,
      End: rows.length - 1,
    }[event.key];
    const current = rows[chosenAt];
    if (event.key === 'Enter' && current !== undefined) props.onOpen?.(current);
    if (current !== undefined && props.onKey?.(event.key, current)) return event.preventDefault();
    const index = next === undefined ? -1 : Math.min(rows.length - 1, Math.max(0, next));
    const row = rows[index];
    if (row === undefined) return;
    event.preventDefault();
    props.onChoose(row);
    bringIntoView(index);
  }

  return (
    <div
      ref={scroller}
      class={`grid ${props.class}`}
      role={props.role ?? 'grid'}
      tabIndex={0}
      aria-label={props.label}
      aria-rowcount={rows.length + (props.head ? 1 : 0)}
      aria-colcount={props.columnCount}
      aria-activedescendant={chosenAt >= first && chosenAt < end ? rowId(chosenAt) : undefined}
      onScroll={look}
      onKeyDown={onKeyDown}
    >
      {props.head && (
        <div class="grid-head" role="row" aria-rowindex={1}>
          {props.head}
        </div>
      )}
      <div class="grid-rows" role="rowgroup" style={{ height: `${rows.length * rowPx}px` }}>
        {inView.map((row, index) => {
          const at = first + index;
          const level = props.level?.(row);
          return (
            <div
              key={keyOf(row)}
              id={rowId(at)}
              class={`grid-row ${props.rowClass?.(row) ?? ''}`}
              role="row"
              aria-rowindex={at + (props.head ? 2 : 1)}
              aria-selected={at === chosenAt}
              aria-level={level?.level}
              aria-expanded={level?.expanded}
              style={{ top: `${at * rowPx}px`, height: `${rowPx}px` }}
              onClick={() => {
                props.onChoose(row);
                props.onOpen?.(row);
              }}
            >
              {props.cells(row, inView)}
            </div>
          );
        })}
      </div>
    </div>
  );
}

interface CellProps {
  class: string;
  role?: 'gridcell' | 'columnheader' | 'rowheader';
  title?: string | undefined;
  children: ComponentChildren;
}

/** A cell of a row. The grid as a whole takes the focus, so cells do not. */
export function Cell({ class: className, role = 'gridcell', title, children }: CellProps) {
  return (
    <span class={`cell ${className}`} role={role} title={title}>
      {children}
    </span>
  );
}
