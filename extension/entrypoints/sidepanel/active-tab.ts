import type { Signal } from '@preact/signals';
import { browser } from 'wxt/browser';
import type { Target } from '#shared/extension/target.ts';
import { panelOf, shownIn } from '../../session/items.ts';
import { targetOfTab } from '../../session/target-of-tab.ts';

/**
 * Keeps `shown` at the task of the board in the window's active tab, until `signal` is aborted. Resolves what the tab
 * showed at first: its panel's target, else the task whose page is open.
 */
export async function followActiveTab(shown: Signal<Target>, signal: AbortSignal): Promise<Target> {
  const { id: windowId } = await browser.windows.getCurrent();
  let unwatch: Array<() => void> = [];

  async function look(tabId: number): Promise<Target> {
    for (const stop of unwatch) stop();
    const update = async () => {
      shown.value = await targetOfTab(tabId);
    };
    unwatch = [panelOf(tabId).watch(update), shownIn(tabId).watch(update)];
    await update();
    return shown.value;
  }

  const onActivated = (active: { tabId: number; windowId: number }) => {
    if (active.windowId === windowId) void look(active.tabId);
  };
  browser.tabs.onActivated.addListener(onActivated);
  signal.addEventListener('abort', () => {
    browser.tabs.onActivated.removeListener(onActivated);
    for (const stop of unwatch) stop();
  });

  const [tab] = await browser.tabs.query({ active: true, currentWindow: true });
  return tab?.id === undefined ? { kind: 'none' } : look(tab.id);
}
