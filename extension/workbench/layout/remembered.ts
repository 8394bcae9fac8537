import { effect, type Signal, signal } from '@preact/signals';

const PREFIX = 'vitrine.';

/**
 * A signal whose value outlives the page (localStorage). `parse` gets the stored text, or null; what it does not
 * accept becomes the default. Where storage is refused the value is simply not remembered.
 */
export function remembered<Value extends string | number | boolean>(
  key: string,
  parse: (stored: string | null) => Value,
): Signal<Value> {
  const value = signal(parse(read(key)));
  let first = true;
  effect(() => {
    const text = String(value.value);
    if (!first) write(key, text);
    first = false;
  });
  return value;
}

function read(key: string): string | null {
  try {
    return localStorage.getItem(PREFIX + key);
  } catch {
    return null; // blocked, or no browser: nothing was remembered
  }
}

function write(key: string, text: string): void {
  try {
    localStorage.setItem(PREFIX + key, text);
  } catch {
    // Full or blocked: the value holds until the page is closed.
  }
}
