import './menu.css';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef, useState } from 'preact/hooks';
import { CheckIcon } from '../icons/icons.tsx';
import { placeElement } from './floating.ts';

export interface MenuItem {
  key: string;
  label: ComponentChildren;
  icon?: ComponentChildren;
  onSelect: () => void;
  danger?: boolean;
  disabled?: boolean;
  /** For one that is switched on or off. */
  checked?: boolean;
  /** Begins a group under this heading. */
  heading?: string;
}

interface MenuProps {
  label: string;
  /** What the button shows. */
  children: ComponentChildren;
  items: MenuItem[];
  heading?: string;
  /** Shown instead of items when there are none. */
  empty?: string;
  buttonClass?: string;
}

/** A button with a menu: arrows, Home, End and Escape work as in the platform's own. */
export function Menu({ label, children, items, heading, empty, buttonClass = 'icon-button' }: MenuProps) {
  const id = useId();
  const button = useRef<HTMLButtonElement>(null);
  const menu = useRef<HTMLDivElement>(null);
  const [open, setOpen] = useState(false);

  useEffect(() => {
    if (!open) return;
    // A click into the preview's frame is not seen here; losing the focus to it is.
    const close = () => menu.current?.hidePopover();
    window.addEventListener('blur', close);
    window.addEventListener('resize', close);
    return () => {
      window.removeEventListener('blur', close);
      window.removeEventListener('resize', close);
    };
  }, [open]);

  function onToggle(): void {
    const opened = menu.current?.matches(':popover-open') ?? false;
    setOpen(opened);
    if (!opened || !menu.current || !button.current) return;
    placeElement(button.current, menu.current, 'end');
    itemsOf(menu.current)[0]?.focus();
  }

  return (
    <>
      <button
        ref={button}
        type="button"
        class={buttonClass}
        title={label}
        aria-label={label}
        aria-haspopup="menu"
        aria-expanded={open}
        popovertarget={id}
      >
        {children}
      </button>
      <div
        ref={menu}
        id={id}
        class="menu"
        popover="auto"
        role="menu"
        tabIndex={-1}
        aria-label={label}
        onToggle={onToggle}
        onKeyDown={moveFocus}
      >
        {heading && <div class="menu-heading quiet">{heading}</div>}
        {items.length === 0 && empty && <div class="menu-heading quiet">{empty}</div>}
        {items.map((item) => [
          item.heading && (
            <div class="menu-heading menu-group quiet" key={`${item.key} heading`}>
              {item.heading}
            </div>
          ),
          <button
            type="button"
            {...(item.checked === undefined
              ? { role: 'menuitem' as const }
              : { role: 'menuitemcheckbox' as const, 'aria-checked': item.checked })}
            key={item.key}
            tabIndex={-1}
            class={item.danger ? 'menu-item danger' : 'menu-item'}
            disabled={item.disabled}
            onClick={() => {
              menu.current?.hidePopover();
              item.onSelect();
            }}
          >
            {item.checked === undefined ? (
              item.icon
            ) : (
              <span class="menu-check">{item.checked && <CheckIcon />}</span>
            )}
            <span class="menu-label">{item.label}</span>
          </button>,
        ])}
      </div>
    </>
  );
}

function itemsOf(menu: Element): HTMLElement[] {
  return [...menu.querySelectorAll<HTMLElement>('[role^=menuitem]:not(:disabled)')];
}

function moveFocus(event: KeyboardEvent & { currentTarget: HTMLElement }): void {
  const items = itemsOf(event.currentTarget);
  const at = items.indexOf(document.activeElement as HTMLElement); // -1 for whatever is none of them
  const next = {
    ArrowDown: at + 1,
    ArrowUp: at <= 0 ? items.length - 1 : at - 1,
    Home: 0,
    End: items.length - 1,
  }[event.key];
  if (event.key === 'Tab') event.currentTarget.hidePopover();
  if (next === undefined || items.length === 0) return;
  event.preventDefault();
  items[next % items.length]?.focus();
}
