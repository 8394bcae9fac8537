import { rememberedPerWidth } from './per-width.ts';
import { remembered } from './remembered.ts';

const asShare = (fallback: number) => (stored: string | null) => {
  const value = Number(stored ?? Number.NaN);
  return value > 0.05 && value < 0.95 ? value : fallback;
};

export const DOCK_SHARE = 0.36;
/** A panel is high and narrow: a third of it would show three lines. */
const NARROW_DOCK_SHARE = 0.5;
export const DOCK_SPLIT_SHARE = 0.5;
export const COMPARE_SHARE = 0.5;
export const EDITOR_SHARE = 0.5;
export const DETAIL_SHARE = 0.5;
export const SIDEBAR_SHARE = 0.32;
export const LIST_SHARE = 0.2;

/** How much the dock takes of a preview's height; of its width the editor; of a comparison the second preview. */
export const dockShare = rememberedPerWidth('dock.share', (stored, width) =>
  asShare(width === 'narrow' ? NARROW_DOCK_SHARE : DOCK_SHARE)(stored),
);
/** How much of the dock's width the network panel takes, where the console stands beside it. */
export const dockSplitShare = rememberedPerWidth('dock.split.share', asShare(DOCK_SPLIT_SHARE));
export const editorShare = rememberedPerWidth('editor.share', asShare(EDITOR_SHARE));
/** How much of the network panel the details of a request take. */
export const detailShare = rememberedPerWidth('network.detail.share', asShare(DETAIL_SHARE));
export const compareShare = rememberedPerWidth('compare.share', asShare(COMPARE_SHARE));
/** How much of the workbench's width the list takes. */
export const listShare = rememberedPerWidth('list.share', asShare(LIST_SHARE));
/** Whether the list stands beside a preview where there is room for it. */
export const listShown = remembered('list.shown', (stored) => stored !== 'false');
/** How much of the editor its list of files takes. */
export const sidebarShare = rememberedPerWidth('editor.sidebar.share', asShare(SIDEBAR_SHARE));
