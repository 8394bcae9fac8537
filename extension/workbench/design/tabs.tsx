import './tabs.css';
import type { ComponentChildren } from 'preact';
import { useId, useRef } from 'preact/hooks';

interface TabsProps<Value extends string> {
  label: string;
  value: Value;
  tabs: readonly { value: Value; label: ComponentChildren }[];
  onChange: (value: Value) => void;
  /** Stands at the end of the row of tabs. */
  end?: ComponentChildren;
  children: ComponentChildren;
}

/** A row of tabs and the panel of the chosen one. Arrow keys, Home and End move along the row. */
export function Tabs<Value extends string>(props: TabsProps<Value>) {
  const id = useId();
  const row = useRef<HTMLDivElement>(null);
  const at = props.tabs.findIndex(({ value }) => value === props.value);

  function onKeyDown(event: KeyboardEvent): void {
    const last = props.tabs.length - 1;
    const next = {
      ArrowRight: at === last ? 0 : at + 1,
      ArrowLeft: at <= 0 ? last : at - 1,
      Home: 0,
      End: last,
    }[event.key];
    const tab = next === undefined ? undefined : props.tabs[next];
    if (!tab || next === undefined) return;
    event.preventDefault();
    props.onChange(tab.value);
    row.current?.querySelectorAll<HTMLElement>('[role=tab]')[next]?.focus();
  }

  return (
    <div class="tabs">
      <div class="tabs-row">
        <div class="tabs-list" role="tablist" aria-label={props.label} ref={row} onKeyDown={onKeyDown}>
          {props.tabs.map(({ value, label }) => (
            <button
              type="button"
              key={value}
              id={`${id}-${value}`}
              role="tab"
              class="tab"
              aria-selected={value === props.value}
              aria-controls={`${id}-panel`}
              tabIndex={value === props.value ? 0 : -1}
              onClick={() => props.onChange(value)}
            >
              {label}
            </button>
          ))}
        </div>
        {props.end}
      </div>
      <div
        class="tabs-panel"
        id={`${id}-panel`}
        role="tabpanel"
        aria-labelledby={`${id}-${props.value}`}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard
        tabIndex={0}
      >
        {props.children}
      </div>
    </div>
  );
}
