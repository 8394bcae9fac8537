import type { PanelRecord } from './items.ts';

/**
 * The panel's record after a frame brought a nonce; null when it is refused. Any site may put panel.html into a frame, so
 * a frame is a panel only when it brings the nonce that the background gave to the content script of the board around it.
 * A nonce serves one frame, which may come back with it after a reload of itself.
 */
export function claimPanelFrame(
  panel: PanelRecord | null,
  nonce: string,
  frameId: number | undefined,
): PanelRecord | null {
  // Frame 0 is the tab itself: nobody's panel.
  if (!panel || frameId === undefined || frameId === 0) return null;
  if (panel.nonce === nonce) return { boardUrl: panel.boardUrl, target: panel.target, frameId };
  return panel.frameId === frameId ? panel : null;
}
