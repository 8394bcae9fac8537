import { browser } from 'wxt/browser';
import { defineContentScript } from 'wxt/utils/define-content-script';
import { onMessage, sendMessage } from '../../messaging/messenger.ts';
import { CardTracker } from './card-tracker.ts';
import { guardKeys } from './key-guard.ts';
import { onNavigation } from './navigation.ts';
import { BoardPanel } from './panel.ts';
import { recogniseBoard } from './recognise-board.ts';
import { tell } from './tell.ts';

const LOOK_FOR_EXTENSION_MS = 2_000;

export default defineContentScript({
  matches: ['http://localhost/*', 'http://127.0.0.1/*'],
  // Before the page's own scripts, so that the panel's keys are taken before the board's shortcuts see them.
  runAt: 'document_start',
  noScriptStartedPostMessage: true,
  async main(context) {
    const { signal } = context;
    const keys = guardKeys(window, signal);
    const cards = new CardTracker({
      window,
      signal,
      report: (onCard) => sendMessage('board:card', { onCard }),
    });
    const board = await recogniseBoard({
      document,
      location,
      signal,
      probe: () => sendMessage('board:probe'),
    });
    if (!board || signal.aborted) return;

    const boardUrl = location.origin;
    const panel = new BoardPanel({ board, boardUrl, keys, signal });
    cards.follow(board);

    const stopPreview = onMessage('board:preview', async ({ sender }) => {
      if (sender.id !== browser.runtime.id) return;
      const task = await cards.taskUnderMenu();
      await panel.open(task ? { kind: 'task', boardUrl, ...task } : { kind: 'none' });
    });
    const stopClosing = onMessage('board:close-panel', ({ sender }) => {
      if (sender.id === browser.runtime.id) panel.close();
    });
    context.onInvalidated(() => {
      stopPreview();
      stopClosing();
    });

    onNavigation(window, signal, () => {
      tell('board:shows', { task: board.taskOfLocation(location) });
    });
    // The browser tells nobody that an extension was removed or switched off: this looks whether it is still there.
    context.setInterval(() => {}, LOOK_FOR_EXTENSION_MS);
    await panel.recall();
  },
});
