import { effect } from '@preact/signals';
import { remembered } from './remembered.ts';

export const THEMES = ['system', 'light', 'dark'] as const;
export type Theme = (typeof THEMES)[number];

/** Whether the workbench is light or dark; as the system is, unless somebody chose. */
export const theme = remembered<Theme>(
  'theme',
  (stored) => THEMES.find((each) => each === stored) ?? 'system',
);

/** Shows the page in the chosen theme, from now on. Returns the way to stop. */
export function followTheme(root: HTMLElement): () => void {
  return effect(() => {
    root.style.colorScheme = theme.value === 'system' ? '' : theme.value;
  });
}
