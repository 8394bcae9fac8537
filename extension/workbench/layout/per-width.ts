import type { ReadonlySignal } from '@preact/signals';
import { remembered } from './remembered.ts';
import { type WidthClass, widthClass } from './width-class.ts';

/** What a component needs of a signal that it reads and sets. */
export interface Setting<Value> {
  value: Value;
  peek(): Value;
}

/**
 * A remembered value with a memory for each class of widths: what was arranged on a screen is not taken over into a
 * panel. Reading it follows the class.
 */
export function rememberedPerWidth<Value extends string | number | boolean>(
  key: string,
  parse: (stored: string | null, widthClass: WidthClass) => Value,
  current: ReadonlySignal<WidthClass> = widthClass,
): Setting<Value> {
  const make = (each: WidthClass) => remembered(`${key}.${each}`, (stored) => parse(stored, each));
  const values = { narrow: make('narrow'), medium: make('medium'), wide: make('wide') };
  return {
    get value() {
      return values[current.value].value;
    },
    set value(next) {
      values[current.peek()].value = next;
    },
    peek: () => values[current.peek()].peek(),
  };
}
