import { remembered } from './remembered.ts';

const asShare = (fallback: number) => (stored: string | null) => {
  const value = Number(stored ?? Number.NaN);
  return value > 0.05 && value < 0.95 ? value : fallback;
};

export const CONSOLE_SHARE = 0.34;
export const COMPARE_SHARE = 0.5;

/** How much of a preview the console takes, and of a comparison the second preview. */
export const consoleShare = remembered('console.share', asShare(CONSOLE_SHARE));
export const compareShare = remembered('compare.share', asShare(COMPARE_SHARE));
/** Whether the console is open. */
export const consoleOpen = remembered('console.open', (stored) => stored === 'true');
/** Whether the list stands beside a preview where there is room for it. */
export const listShown = remembered('list.shown', (stored) => stored !== 'false');
