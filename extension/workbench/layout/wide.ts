import { signal } from '@preact/signals';

/** From here on the list of attempts and a preview stand side by side. */
export const WIDE_PX = 900;

const query = typeof matchMedia === 'function' ? matchMedia(`(min-width: ${WIDE_PX}px)`) : undefined;

/** Whether the workbench is wide enough for list and preview at once. */
export const wide = signal(query?.matches ?? false);
query?.addEventListener('change', (event) => {
  wide.value = event.matches;
});
