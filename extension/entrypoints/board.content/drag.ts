interface DragHandlers {
  onStart(): void;
  /** How far the pointer is from where it started, CSS pixels to the right. */
  onMove(distance: number): void;
  onEnd(): void;
}

/** Follows a pointer that is pressed on `handle`, wherever it goes, until it is released. */
export function onDrag(handle: HTMLElement, handlers: DragHandlers, signal: AbortSignal): void {
  let drag: { pointerId: number; startX: number } | undefined;
  handle.addEventListener(
    'pointerdown',
    (event) => {
      if (event.button !== 0 || drag) return;
      event.preventDefault(); // no text selection; which also means that the focus has to be set
      handle.focus({ preventScroll: true });
      handle.setPointerCapture(event.pointerId);
      drag = { pointerId: event.pointerId, startX: event.clientX };
      handlers.onStart();
    },
    { signal },
  );
  handle.addEventListener(
    'pointermove',
    (event) => {
      if (drag?.pointerId === event.pointerId) handlers.onMove(event.clientX - drag.startX);
    },
    { signal },
  );
  // Comes after release, after cancel, and when the browser takes the pointer away.
  handle.addEventListener(
    'lostpointercapture',
    (event) => {
      if (drag?.pointerId !== event.pointerId) return;
      drag = undefined;
      handlers.onEnd();
    },
    { signal },
  );
}
