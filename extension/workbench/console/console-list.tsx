import { useSignal } from '@preact/signals';
import { useCallback, useEffect, useLayoutEffect, useMemo, useRef } from 'preact/hooks';
import { DownIcon } from '../icons/icons.tsx';
import { text } from '../text/text.ts';
import { ConsoleRow, type ConsoleSource } from './console-row.tsx';
import { groupRepeats, showTimes } from './console-settings.ts';
import type { ConsoleRowData } from './console-view.ts';
import { indexOfId, RowHeights } from './row-heights.ts';

/** Closer to the end than this counts as being there. */
const END_SLACK_PX = 24;

interface ConsoleListProps {
  rows: readonly ConsoleRowData[];
  /** Another one means other rows: what was measured of the old ones does not place them. */
  filterKey: unknown;
  source: ConsoleSource;
  /** Rises when the newest lines are wanted, wherever the list is. */
  asked: number;
}

/** The lines, of which only those in view exist as elements. Follows the newest unless scrolled up. */
export function ConsoleList({ rows, filterKey, source, asked }: ConsoleListProps) {
  const scroller = useRef<HTMLOListElement>(null);
  const heights = useMemo(() => new RowHeights(), [filterKey, groupRepeats.value]);
  const follow = useRef(true);
  /** The row that stays where it is while others change. */
  const anchor = useRef<{ id: number; offset: number }>(undefined);
  const position = useSignal({ top: 0, height: 400 });
  const measured = useSignal(0);
  const atEnd = useSignal(true);

  // Read so that new heights and positions draw again.
  measured.value;
  const window = heights.window(rows, position.value.top, position.value.height);

  const onHeight = useCallback(
    (id: number, height: number) => {
      // A row that is being taken out measures nothing.
      if (height > 0 && heights.set(id, height)) measured.value = measured.peek() + 1;
    },
    [heights, measured],
  );

  const onScroll = useCallback(() => {
    const element = scroller.current;
    if (!element) return;
    const { scrollTop, clientHeight, scrollHeight } = element;
    follow.current = scrollHeight - scrollTop - clientHeight < END_SLACK_PX;
    atEnd.value = follow.current;
    position.value = { top: scrollTop, height: clientHeight };
  }, [atEnd, position]);

  const answered = useRef(asked);
  useLayoutEffect(() => {
    const element = scroller.current;
    if (!element) return;
    if (answered.current !== asked) follow.current = true;
    answered.current = asked;
    if (follow.current) element.scrollTop = element.scrollHeight;
    else if (anchor.current) {
      const top = heights.topOf(rows, indexOfId(rows, anchor.current.id)) + anchor.current.offset;
      if (Math.abs(top - element.scrollTop) >= 1) element.scrollTop = top;
    }
    anchor.current = anchorAt(rows, heights, element.scrollTop);
    const { scrollTop, clientHeight } = element;
    const { top, height } = position.peek();
    if (top !== scrollTop || height !== clientHeight) {
      position.value = { top: scrollTop, height: clientHeight };
    }
  });

  useLayoutEffect(() => {
    heights.forgetBefore(rows[0]?.id ?? Number.POSITIVE_INFINITY);
  }, [heights, rows[0]?.id]);

  useEffect(() => {
    const element = scroller.current;
    if (!element) return;
    let width = element.clientWidth;
    const observer = new ResizeObserver(() => {
      // Rows in view measure themselves again; the others did wrap at another width.
      if (element.clientWidth !== width) heights.forgetAll();
      width = element.clientWidth;
      position.value = { top: element.scrollTop, height: element.clientHeight };
      measured.value = measured.peek() + 1;
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, [heights, measured, position]);

  return (
    <div class="console-list-frame">
      <ol
        class="console-list"
        aria-label={text('console.heading')}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
        ref={scroller}
        onScroll={() => {
          onScroll();
          const element = scroller.current;
          if (element) anchor.current = anchorAt(rows, heights, element.scrollTop);
        }}
      >
        <li aria-hidden="true" style={{ height: `${window.before}px` }} />
        {rows.slice(window.first, window.end).map(({ id, entry, count }) => (
          <ConsoleRow
            key={id}
            id={id}
            entry={entry}
            count={count}
            time={showTimes.value}
            source={source}
            onHeight={onHeight}
          />
        ))}
        <li aria-hidden="true" style={{ height: `${window.after}px` }} />
      </ol>
      {!atEnd.value && (
        <button
          type="button"
          class="button console-jump"
          onClick={() => {
            follow.current = true;
            if (scroller.current) scroller.current.scrollTop = scroller.current.scrollHeight;
          }}
        >
          <DownIcon />
          {text('console.jump')}
        </button>
      )}
    </div>
  );
}

/** The row at a scroll position, and how far it is scrolled out: what stays in place when heights change. */
function anchorAt(rows: readonly ConsoleRowData[], heights: RowHeights, scrollTop: number) {
  const index = heights.indexAt(rows, scrollTop);
  const row = rows[index];
  return row && { id: row.id, offset: scrollTop - heights.topOf(rows, index) };
}
