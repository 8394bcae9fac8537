import { describe, expect, it } from 'vitest';
import { claimPanelFrame } from './claim.ts';

const NONCE = 'a'.repeat(32);
const OTHER = 'b'.repeat(32);
const issued = { boardUrl: 'http://localhost:3000', target: { kind: 'none' as const }, nonce: NONCE };

describe('claiming a panel', () => {
  it('makes the frame that brings the nonce the panel', () => {
    expect(claimPanelFrame(issued, NONCE, 7)).toEqual({
      boardUrl: issued.boardUrl,
      target: issued.target,
      frameId: 7,
    });
  });

  it('serves one frame: the nonce is worth nothing for a second one', () => {
    const claimed = claimPanelFrame(issued, NONCE, 7);
    expect(claimPanelFrame(claimed, NONCE, 8)).toBeNull();
  });

  it('lets the same frame come back after a reload of itself', () => {
    const claimed = claimPanelFrame(issued, NONCE, 7);
    expect(claimPanelFrame(claimed, NONCE, 7)).toEqual(claimed);
  });

  it('lets a panel made anew take over, while the frame before it stays what it was until then', () => {
    const reissued = { ...issued, nonce: OTHER, frameId: 7 };
    expect(claimPanelFrame(reissued, NONCE, 7)).toEqual(reissued);
    expect(claimPanelFrame(reissued, OTHER, 9)).toMatchObject({ frameId: 9 });
  });

  it('[attack 17] refuses a guessed nonce, a tab without a panel, and the tab’s own page', () => {
    expect(claimPanelFrame(issued, OTHER, 7)).toBeNull();
    expect(claimPanelFrame(null, NONCE, 7)).toBeNull();
    expect(claimPanelFrame(issued, NONCE, 0)).toBeNull();
    expect(claimPanelFrame(issued, NONCE, undefined)).toBeNull();
  });
});
