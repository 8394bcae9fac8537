import { rememberedPerWidth } from './per-width.ts';

/** What can stand below a preview. */
export const DOCK_PANELS = ['console', 'network'] as const;
export type DockPanel = (typeof DOCK_PANELS)[number];

/** Which panel is docked below previews; none when empty. */
export const dock = rememberedPerWidth<DockPanel | ''>(
  'dock',
  (stored) => DOCK_PANELS.find((panel) => panel === stored) ?? '',
);
/** Whether the editor stands beside previews. */
export const editorShown = rememberedPerWidth('editor', (stored) => stored === 'true');

/** Opens a panel of the dock, or closes it where it is open. */
export function toggleDock(panel: DockPanel): void {
  dock.value = dock.peek() === panel ? '' : panel;
}
