import { type DockPanel, editorShown, shownDock, toggleDock } from '../layout/panels.ts';
import type { WorkbenchModel } from '../workbench-model.ts';

/** Where somebody who opened a panel by a key goes on. */
const FIELDS: Record<DockPanel, string> = {
  console: '.console-field',
  network: '.network input[type=search]',
};

/** Opens or closes a panel below the preview, and takes the focus along. */
export function togglePanel(panel: DockPanel): void {
  toggleDock(panel);
  focusSoon(shownDock().includes(panel) ? FIELDS[panel] : `.${panel}-handle`);
}

/** Opens the editor or closes it, and takes the focus along. */
export function toggleEditor({ activePreview }: Pick<WorkbenchModel, 'activePreview'>): void {
  if (!editorShown.peek()) activePreview.peek()?.showEditor('files');
  else {
    editorShown.value = false;
    focusSoon('.editor-handle');
  }
}

/** Once it is drawn. */
function focusSoon(selector: string): void {
  requestAnimationFrame(() => document.querySelector<HTMLElement>(selector)?.focus());
}
