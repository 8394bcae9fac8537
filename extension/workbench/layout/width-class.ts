import { computed, signal } from '@preact/signals';

/** A class of widths in which people arrange a workbench alike: a panel, half a screen, a screen. */
export type WidthClass = 'narrow' | 'medium' | 'wide';

/** Narrower than this is a panel; from the second on there is room for three columns. CSS pixels. */
const MEDIUM_PX = 620;
const WIDE_PX = 1200;

export function widthClassOf(width: number): WidthClass {
  if (width < MEDIUM_PX) return 'narrow';
  return width < WIDE_PX ? 'medium' : 'wide';
}

const width = signal(typeof innerWidth === 'number' ? innerWidth : WIDE_PX);
if (typeof addEventListener === 'function') {
  addEventListener('resize', () => {
    width.value = innerWidth;
  });
}

/** The class of the window's width now. */
export const widthClass = computed(() => widthClassOf(width.value));
