import type { Target } from '#shared/extension/target.ts';
import { panelOf, shownIn } from './items.ts';

/** What a workbench beside this tab should show: its panel's target, else the task whose page the board shows. */
export async function targetOfTab(tabId: number | undefined): Promise<Target> {
  if (tabId === undefined) return { kind: 'none' };
  const panel = await panelOf(tabId).get();
  if (panel) return panel.target;
  const shown = await shownIn(tabId).get();
  return shown?.task ? { kind: 'task', boardUrl: shown.boardUrl, ...shown.task } : { kind: 'none' };
}
