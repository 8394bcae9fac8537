import type { ComponentChildren } from 'preact';

interface IconProps {
  children: ComponentChildren;
  class?: string;
}

/** A 16 px drawing in the colour of the text. Decoration: what carries the meaning is the label beside it. */
export function Icon({ children, class: className }: IconProps) {
  return (
    <svg
      class={className}
      width="16"
      height="16"
      viewBox="0 0 16 16"
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
      focusable="false"
    >
      {children}
    </svg>
  );
}
