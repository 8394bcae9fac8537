import './split-pane.css';
import type { Signal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useRef, useState } from 'preact/hooks';

const KEY_STEP = 0.05;

interface SplitPaneProps {
  direction: 'row' | 'column';
  /** Share of the second part, 0 to 1. */
  share: Signal<number>;
  /** What a double click goes back to. */
  defaultShare: number;
  /** Smallest extent of either part, CSS pixels. */
  minPx: number;
  label: string;
  first: ComponentChildren;
  /** Without it the first part has all the room and stays the same element: a frame in it is not reloaded. */
  second?: ComponentChildren;
}

/** Two parts and a divider that is moved by pointer, by arrow keys, or back to its place by a double click. */
export function SplitPane(props: SplitPaneProps) {
  const { direction, share, minPx } = props;
  const element = useRef<HTMLDivElement>(null);
  const [dragging, setDragging] = useState(false);

  function setShare(wanted: number): void {
    const extent = direction === 'row' ? element.current?.clientWidth : element.current?.clientHeight;
    if (!extent) return;
    const least = Math.min(0.5, minPx / extent);
    share.value = Math.min(1 - least, Math.max(least, wanted));
  }

  function follow(event: PointerEvent): void {
    const box = element.current?.getBoundingClientRect();
    if (!dragging || !box) return;
    if (direction === 'row') setShare((box.right - event.clientX) / box.width);
    else setShare((box.bottom - event.clientY) / box.height);
  }

  function onKeyDown(event: KeyboardEvent): void {
    const grow = direction === 'row' ? 'ArrowLeft' : 'ArrowUp';
    const shrink = direction === 'row' ? 'ArrowRight' : 'ArrowDown';
    const wanted = {
      [grow]: share.peek() + KEY_STEP,
      [shrink]: share.peek() - KEY_STEP,
      Home: 1,
      End: 0,
      Enter: props.defaultShare,
    }[event.key];
    if (wanted === undefined) return;
    event.preventDefault();
    setShare(wanted);
  }

  const percent = Math.round(share.value * 100);
  return (
    <div class={`split split-${direction} ${dragging ? 'dragging' : ''}`} ref={element}>
      <div class="split-part" key="first">
        {props.first}
      </div>
      {props.second && (
        // biome-ignore lint/a11y/useSemanticElements: a divider that can be moved is no <hr>
        <div
          class="split-divider"
          key="divider"
          role="separator"
          tabIndex={0}
          aria-label={props.label}
          aria-orientation={direction === 'row' ? 'vertical' : 'horizontal'}
          aria-valuenow={percent}
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
      )}
      {props.second && (
        <div class="split-part" key="second" style={{ flex: `0 0 ${(share.value * 100).toFixed(3)}%` }}>
          {props.second}
        </div>
      )}
    </div>
  );
}
