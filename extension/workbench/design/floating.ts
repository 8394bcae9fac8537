/** Distance from the edges of the window, and from the anchor, in CSS pixels. */
const EDGE = 8;
const GAP = 4;

interface Box {
  left: number;
  top: number;
  bottom: number;
  right: number;
}

interface Size {
  width: number;
  height: number;
}

/** Where a floating box goes: under its anchor, aligned to the given side, kept inside the window. */
export function placeFloating(anchor: Box, box: Size, window: Size, align: 'start' | 'end') {
  const wanted = align === 'start' ? anchor.left : anchor.right - box.width;
  const left = Math.max(EDGE, Math.min(wanted, window.width - box.width - EDGE));
  const below = anchor.bottom + GAP;
  const above = anchor.top - GAP - box.height;
  const fitsBelow = below + box.height + EDGE <= window.height;
  const top = fitsBelow || above < EDGE ? below : above;
  return { left, top };
}

/** Moves an element of the top layer to its anchor. */
export function placeElement(anchor: Element, element: HTMLElement, align: 'start' | 'end'): void {
  const size = { width: element.offsetWidth, height: element.offsetHeight };
  const window = { width: innerWidth, height: innerHeight };
  const { left, top } = placeFloating(anchor.getBoundingClientRect(), size, window, align);
  element.style.left = `${left}px`;
  element.style.top = `${top}px`;
}
