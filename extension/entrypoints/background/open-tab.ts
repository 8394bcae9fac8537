import { browser } from 'wxt/browser';
import type { Target } from '#shared/extension/target.ts';
import { targetToQuery } from '../../page/target-query.ts';

/** Opens the workbench in a tab of its own. */
export async function openTab(target: Target): Promise<void> {
  await browser.tabs.create({ url: `${browser.runtime.getURL('/workbench.html')}${targetToQuery(target)}` });
}
