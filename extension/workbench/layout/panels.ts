import { signal } from '@preact/signals';
import { rememberedPerWidth } from './per-width.ts';

/** What can stand below a preview, in the order in which it stands there. */
export const DOCK_PANELS = ['console', 'network'] as const;
export type DockPanel = (typeof DOCK_PANELS)[number];

/** Names of the panels that are open below previews, the newest last. */
const opened = rememberedPerWidth<string>('dock', (stored) => namesOf(panelsIn(stored ?? '')));
/** Whether two panels have room beside each other, as measured where they stand. */
export const dockIsRoomy = signal(true);
/** Whether the editor stands beside previews. */
export const editorShown = rememberedPerWidth('editor', (stored) => stored === 'true');

/** The panels below previews: all that are open, or the newest of them where there is room for one. */
export function shownDock(): DockPanel[] {
  const panels = panelsIn(opened.value);
  const shown = dockIsRoomy.value ? panels : panels.slice(-1);
  return DOCK_PANELS.filter((panel) => shown.includes(panel));
}

/** Closes all others. */
export function setDock(panels: readonly DockPanel[]): void {
  opened.value = namesOf(panels);
}

/** Opens a panel, beside another one where there is room. */
export function openDock(panel: DockPanel): void {
  if (!shownDock().includes(panel)) setDock([...shownDock(), panel]);
}

export function closeDock(panel: DockPanel): void {
  setDock(shownDock().filter((each) => each !== panel));
}

export function toggleDock(panel: DockPanel): void {
  if (shownDock().includes(panel)) closeDock(panel);
  else openDock(panel);
}

function namesOf(panels: readonly DockPanel[]): string {
  return panels.join(',');
}

function panelsIn(names: string): DockPanel[] {
  return names.split(',').flatMap((name) => DOCK_PANELS.find((panel) => panel === name) ?? []);
}
