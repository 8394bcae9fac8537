/** Narrowest panel that still shows a phone-sized app, CSS pixels. */
export const MIN_PANEL_WIDTH = 320;
/** What the board keeps beside the panel, CSS pixels. In a window too narrow for both, the panel lies over the board. */
export const MIN_BOARD_WIDTH = 360;
/** Share of the window that a panel takes at first. */
const DEFAULT_SHARE = 0.42;

/** The widths a panel may have in a window of this width. */
export function widthLimits(windowWidth: number): { min: number; max: number } {
  const min = Math.min(MIN_PANEL_WIDTH, windowWidth);
  return { min, max: Math.max(min, windowWidth - MIN_BOARD_WIDTH) };
}

/** `wanted` moved inside the limits, whole pixels; the default where nothing is wanted. */
export function fitWidth(wanted: number | undefined, windowWidth: number): number {
  const { min, max } = widthLimits(windowWidth);
  return Math.round(Math.min(Math.max(wanted ?? windowWidth * DEFAULT_SHARE, min), max));
}

/** Whether the board can make room, or has to lie under the panel. */
export function hasRoomBeside(windowWidth: number): boolean {
  return windowWidth >= MIN_PANEL_WIDTH + MIN_BOARD_WIDTH;
}

const STEP = 16;
const LARGE_STEP = 64;

/** The width that a key on the separator asks for; undefined for a key that means nothing. The panel is at the right. */
export function widthForKey(
  key: Pick<KeyboardEvent, 'key' | 'shiftKey'>,
  width: number,
  windowWidth: number,
): number | undefined {
  const step = key.shiftKey ? LARGE_STEP : STEP;
  const { min, max } = widthLimits(windowWidth);
  switch (key.key) {
    case 'ArrowLeft':
      return fitWidth(width + step, windowWidth);
    case 'ArrowRight':
      return fitWidth(width - step, windowWidth);
    case 'Home':
      return min;
    case 'End':
      return max;
  }
}
