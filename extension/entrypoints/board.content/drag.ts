interface DragHandlers {
  /** The pointer is on the handle: a drag may begin. */
  onReady(): void;
  onStart(): void;
  /** How far the pointer is from where it started, CSS pixels to the right. */
  onMove(distance: number): void;
  onEnd(): void;
  /** The pointer has left the handle, and no drag is on. */
  onIdle(): void;
}

/** Follows a pointer that is pressed on `handle`, wherever it goes, until it is released. */
export function onDrag(handle: HTMLElement, handlers: DragHandlers, signal: AbortSignal): void {
  let drag: { pointerId: number; startX: number } | undefined;
  const end = (event: PointerEvent) => {
    if (drag?.pointerId !== event.pointerId) return;
    drag = undefined;
    handlers.onEnd();
    if (!handle.matches(':hover')) handlers.onIdle();
  };
  const listen = (type: 'pointerenter' | 'pointerleave', listener: () => void) =>
    handle.addEventListener(type, listener, { signal });
  listen('pointerenter', handlers.onReady);
  listen('pointerleave', () => drag ?? handlers.onIdle());

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
      if (drag?.pointerId !== event.pointerId) return;
      // The release went to a frame, which tells nobody.
      if (event.buttons === 0) return end(event);
      handlers.onMove(event.clientX - drag.startX);
    },
    { signal },
  );
  // Comes after release, after cancel, and when the browser takes the pointer away.
  handle.addEventListener('lostpointercapture', end, { signal });
}
