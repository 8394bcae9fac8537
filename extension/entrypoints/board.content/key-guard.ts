/** Handles a key pressed in the panel; what it does not know is dropped all the same. */
export type KeyHandler = (event: KeyboardEvent) => void;

/** Keeps the keys pressed in one element from everything else on the page. */
export interface KeyGuard {
  own(element: Element, onKey: KeyHandler): void;
  release(): void;
}

/**
 * A board listens for shortcuts on its window or document. Only the first listener of the window's capture phase comes
 * before all of them, so this is called before the page's scripts run. Keys inside the panel's frame never come here.
 */
export function guardKeys(window: Window, signal: AbortSignal): KeyGuard {
  let owned: { element: Element; onKey: KeyHandler } | undefined;
  const guard = (event: KeyboardEvent) => {
    // The separator is in a closed shadow root: from outside, its host is the target.
    if (!owned || event.target !== owned.element) return;
    event.stopImmediatePropagation();
    if (event.type === 'keydown') owned.onKey(event);
  };
  for (const type of ['keydown', 'keypress', 'keyup'] as const) {
    window.addEventListener(type, guard, { capture: true, signal });
  }
  return {
    own(element, onKey) {
      owned = { element, onKey };
    },
    release() {
      owned = undefined;
    },
  };
}
