import './split-pane.css';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';
import type { Setting } from './per-width.ts';

const KEY_STEP = 0.05;

interface SplitPaneProps {
  direction: 'row' | 'column';
  /** Where the side stands: before the main part or after it. */
  at?: 'start' | 'end';
  /** Share of the side, 0 to 1. */
  share: Setting<number>;
  /** What a double click goes back to. */
  defaultShare: number;
  /** Smallest extent of either part, CSS pixels. */
  minPx: number;
  label: string;
  main: ComponentChildren;
  /** Without it the main part has all the room and stays the same element: a frame in it is not reloaded. */
  side?: ComponentChildren;
}

/** Two parts and a divider that is moved by pointer, by arrow keys, or back to its place by a double click. */
export function SplitPane(props: SplitPaneProps) {
  const { direction, share, minPx, at = 'end' } = props;
  const element = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState(false);
  const hasSide = Boolean(props.side);

  function setShare(wanted: number): void {
    const extent = direction === 'row' ? element.current?.clientWidth : element.current?.clientHeight;
    if (!extent) return;
    const least = Math.min(0.5, minPx / extent);
    share.value = Math.min(1 - least, Math.max(least, wanted));
  }

  function follow(event: PointerEvent): void {
    const box = element.current?.getBoundingClientRect();
    if (!dragging || !box) return;
    const share =
      direction === 'row'
        ? (box.right - event.clientX) / box.width
        : (box.bottom - event.clientY) / box.height;
    setShare(at === 'end' ? share : 1 - share);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const [before, after] = direction === 'row' ? ['ArrowLeft', 'ArrowRight'] : ['ArrowUp', 'ArrowDown'];
    const [grow, shrink] = at === 'end' ? [before, after] : [after, before];
    const wanted = {
      [grow as string]: share.peek() + KEY_STEP,
      [shrink as string]: share.peek() - KEY_STEP,
      Home: at === 'end' ? 1 : 0,
      End: at === 'end' ? 0 : 1,
      Enter: props.defaultShare,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    setShare(wanted);
  }

  const divider = hasSide && (
    // biome-ignore lint/a11y/useSemanticElements: a divider that can be moved is no <hr>
    <div
      class="split-divider"
      key="divider"
      role="separator"
      tabIndex={0}
      aria-label={props.label}
      aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
      aria-valuenow={Math.round(share.value * 100)}
      aria-valuemin={0}
      aria-valuemax={100}
      onPointerDown={(event) => {
        event.currentTarget.setPointerCapture(event.pointerId);
        setDragging(true);
      }}
      onPointerMove={follow}
      onPointerUp={() => setDragging(false)}
      onPointerCancel={() => setDragging(false)}
      onDblClick={() => setShare(props.defaultShare)}
      onKeyDown={onKeyDown}
    />
  );
  const side = hasSide && (
    <div
      class="split-part split-side"
      key="side"
      style={{ '--share': `${(share.value * 100).toFixed(3)}%`, '--least': `${minPx}px` }}
    >
      {props.side}
    </div>
  );
  // The side comes where it is read: before the main part or after it.
  return (
    <div class={`split split-${direction} ${dragging ? 'dragging' : ''}`} ref={element}>
      {at === 'start' && side}
      {at === 'start' && divider}
      <div class="split-part" key="main">
        {props.main}
      </div>
      {at === 'end' && divider}
      {at === 'end' && side}
    </div>
  );
}
