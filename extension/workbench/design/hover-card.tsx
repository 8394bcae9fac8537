import './menu.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { placeElement } from './floating.ts';

/** Long enough to cross the gap between the button and the card. */
const LEAVE_MS = 150;

interface HoverCardProps {
  label: string;
  /** What the button shows. */
  children: ComponentChildren;
  card: ComponentChildren;
  class?: string;
}

/** A button that explains itself on hover, on focus and on click; Escape hides the explanation. */
export function HoverCard({ label, children, card, class: className }: HoverCardProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const popover = useRef<HTMLDivElement>(null);
  const leaving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(leaving.current), []);

  function show(): void {
    clearTimeout(leaving.current);
    if (!button.current || !popover.current || popover.current.matches(':popover-open')) return;
    popover.current.showPopover();
    placeElement(button.current, popover.current, 'end');
  }

  function hide(): void {
    clearTimeout(leaving.current);
    if (popover.current?.matches(':popover-open')) popover.current.hidePopover();
  }

  function hideSoon(): void {
    clearTimeout(leaving.current);
    leaving.current = setTimeout(hide, LEAVE_MS);
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={className}
        aria-label={label}
        aria-describedby={id}
        onPointerEnter={show}
        onPointerLeave={hideSoon}
        onFocus={show}
        onBlur={hideSoon}
        onClick={show}
        onKeyDown={(event) => event.key === 'Escape' && hide()}
      >
        {children}
      </button>
      <div
        ref={popover}
        id={id}
        class="hover-card"
        popover="manual"
        role="tooltip"
        onPointerEnter={show}
        onPointerLeave={hideSoon}
      >
        {card}
      </div>
    </>
  );
}
