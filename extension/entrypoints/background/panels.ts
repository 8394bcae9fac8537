import { browser } from 'wxt/browser';
import type { ClaimReply } from '#shared/extension/messages.ts';
import { listenToBoards, listenToPages } from '../../messaging/listen.ts';
import { sendMessage } from '../../messaging/messenger.ts';
import type { PageSender } from '../../messaging/sender.ts';
import { claimPanelFrame } from '../../session/claim.ts';
import { panelOf, shownIn } from '../../session/items.ts';
import { openTab } from './open-tab.ts';

const PROBE_FILE = '/board-probe.js';

/** Everything between boards and their panels; see `claimPanelFrame` for how a frame proves to be one. */
export function answerPanels(): void {
  listenToBoards('board:shows', ({ task }, { tabId, boardUrl }) => shownIn(tabId).set({ boardUrl, task }));
  listenToBoards('board:probe', async (_, { tabId }) => {
    await browser.scripting.executeScript({
      target: { tabId, frameIds: [0] },
      files: [PROBE_FILE],
      world: 'MAIN',
    });
  });

  listenToBoards('panel:open', async ({ target }, { tabId, boardUrl }) => {
    const before = await panelOf(tabId).get();
    const nonce = newNonce();
    const frameId = before?.boardUrl === boardUrl ? before.frameId : undefined;
    await panelOf(tabId).set({ boardUrl, target, nonce, ...(frameId !== undefined && { frameId }) });
    return nonce;
  });
  listenToBoards('panel:recall', async (_, { tabId, boardUrl }) => {
    const before = await panelOf(tabId).get();
    if (before?.boardUrl !== boardUrl) return null;
    const nonce = newNonce();
    await panelOf(tabId).set({ boardUrl, target: before.target, nonce });
    return nonce;
  });
  listenToBoards('panel:closed', (_, { tabId }) => panelOf(tabId).remove());

  listenToPages('panel:claim', ({ nonce }, sender) => claim(nonce, sender));
  listenToPages('panel:show', async ({ target }, sender) => {
    const panel = await claimedPanel(sender);
    if (panel && sender.tabId !== undefined) await panelOf(sender.tabId).set({ ...panel, target });
  });
  listenToPages('panel:close', async (_, sender) => {
    if (sender.tabId === undefined || !(await claimedPanel(sender))) return;
    await sendMessage('board:close-panel', undefined, { tabId: sender.tabId, frameId: 0 });
  });
  listenToPages('tab:open', ({ target }) => openTab(target));

  browser.tabs.onRemoved.addListener((tabId) => {
    void Promise.all([panelOf(tabId).remove(), shownIn(tabId).remove()]);
  });
}

async function claim(nonce: string, { tabId, frameId }: PageSender): Promise<ClaimReply> {
  if (tabId === undefined) return null;
  const claimed = claimPanelFrame(await panelOf(tabId).get(), nonce, frameId);
  if (!claimed) return null;
  await panelOf(tabId).set(claimed);
  return { boardUrl: claimed.boardUrl, target: claimed.target };
}

/** The record of the panel that sends, or null when the sender is no panel that was claimed. */
export async function claimedPanel(sender: PageSender) {
  if (sender.tabId === undefined) return null;
  const panel = await panelOf(sender.tabId).get();
  return panel && panel.frameId === sender.frameId ? panel : null;
}

function newNonce(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) =>
    byte.toString(16).padStart(2, '0'),
  ).join('');
}
