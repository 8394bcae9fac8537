import '../../workbench/without-eval.ts';
import { computed, signal } from '@preact/signals';
import { render } from 'preact';
import { browser } from 'wxt/browser';
import type { Target } from '#shared/extension/target.ts';
import { sendMessage } from '../../messaging/messenger.ts';
import { BoardOffer } from '../../page/board-offer.tsx';
import { extensionHome } from '../../page/extension-home.ts';
import { i18n } from '../../page/i18n.ts';
import { pageLifetime } from '../../page/lifetime.ts';
import { rootElement } from '../../page/root.ts';
import { panelOf, type Shown, shownIn } from '../../session/items.ts';
import { mountWorkbench } from '../../workbench/mount.tsx';
import { claimPanel } from './claim-panel.ts';

const claim = await claimPanel();
if (claim) await showPanel(claim.boardUrl, claim.target);
else rootElement().textContent = i18n('panel_refused');

async function showPanel(boardUrl: string, first: Target): Promise<void> {
  const lifetime = pageLifetime();
  const target = signal<Target>(first);
  const board = signal<Shown | null>(null);
  const shown = computed<Target>(() =>
    board.value?.task && board.value.boardUrl === boardUrl
      ? { kind: 'task', boardUrl, ...board.value.task }
      : { kind: 'none' },
  );

  mountWorkbench(rootElement(), {
    ...extensionHome('panel', target, lifetime),
    close: () => void sendMessage('panel:close'),
  });
  const offers = document.body.appendChild(document.createElement('div'));
  const accept = (accepted: Target) => {
    target.value = accepted;
    void sendMessage('panel:show', { target: accepted });
  };
  render(<BoardOffer shown={shown} target={target} onAccept={accept} />, offers);

  const tab = await browser.tabs.getCurrent();
  if (tab?.id === undefined) return;
  const stops = [
    // The menu item on another card: the person chose, so the panel goes there.
    panelOf(tab.id).watch((panel) => {
      if (panel && JSON.stringify(panel.target) !== JSON.stringify(target.peek()))
        target.value = panel.target;
    }),
    shownIn(tab.id).watch((next) => {
      board.value = next;
    }),
  ];
  lifetime.addEventListener('abort', () => {
    for (const stop of stops) stop();
  });
  board.value = await shownIn(tab.id).get();
}
