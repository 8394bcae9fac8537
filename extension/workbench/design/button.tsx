import type { ComponentChildren } from 'preact';
import { SpinnerIcon } from '../icons/icons.tsx';

interface ButtonProps {
  children: ComponentChildren;
  onClick?: () => void;
  kind?: 'default' | 'primary' | 'danger';
  type?: 'button' | 'submit';
  icon?: ComponentChildren;
  /** Shows that the action is under way, and takes no second click. */
  busy?: boolean;
  disabled?: boolean;
}

export function Button(props: ButtonProps) {
  const { kind = 'default', type = 'button', busy = false } = props;
  return (
    <button
      type={type}
      class={`button ${kind}`}
      disabled={props.disabled || busy}
      aria-busy={busy}
      onClick={props.onClick}
    >
      {busy ? <SpinnerIcon /> : props.icon}
      {props.children}
    </button>
  );
}

interface IconButtonProps {
  /** Name for screen readers, and the tooltip. */
  label: string;
  icon: ComponentChildren;
  onClick?: (event: MouseEvent) => void;
  disabled?: boolean;
  busy?: boolean;
  /** For a button that stays pressed. */
  pressed?: boolean;
  expanded?: boolean;
  /** For one that leads to what is shown now. */
  current?: boolean;
  /** Keys that do the same: as the tooltip and as `aria-keyshortcuts` name them. */
  keys?: { shown: string; aria: string } | undefined;
  class?: string;
}

export function IconButton(props: IconButtonProps) {
  return (
    <button
      type="button"
      class={props.class ? `icon-button ${props.class}` : 'icon-button'}
      title={props.keys ? `${props.label} (${props.keys.shown})` : props.label}
      aria-label={props.label}
      aria-keyshortcuts={props.keys?.aria}
      aria-pressed={props.pressed}
      aria-expanded={props.expanded}
      aria-current={props.current ? 'page' : undefined}
      aria-busy={props.busy}
      disabled={props.disabled || props.busy}
      onClick={props.onClick}
    >
      {props.busy ? <SpinnerIcon /> : props.icon}
    </button>
  );
}
