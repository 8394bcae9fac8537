import { browser } from 'wxt/browser';
import { listenToBoards } from '../../messaging/listen.ts';
import { sendMessage } from '../../messaging/messenger.ts';
import { i18n } from '../../page/i18n.ts';
import { targetOfTab } from '../../session/target-of-tab.ts';
import { openTab } from './open-tab.ts';
import { boardPatterns, requestBoard } from './user-boards.ts';

const PREVIEW = 'preview-task';
const OPEN_IN_TAB = 'open-in-tab';
const USE_AS_BOARD = 'use-as-board';

/** Wherever a card's parts may be; `all` would put the item on the toolbar button too. */
const CARD_CONTEXTS = ['page', 'link', 'image', 'selection', 'editable'] as const;

/**
 * A menu is built from what the browser process knows when the button goes down, too late to ask the page then. So the
 * page tells as soon as the pointer or the focus reaches a card, and the item is hidden everywhere else.
 */
export function registerContextMenu(): void {
  browser.runtime.onInstalled.addListener(() => void createItems());
  browser.runtime.onStartup.addListener(() => void show(false));
  browser.tabs.onActivated.addListener(() => void show(false));
  listenToBoards('board:card', ({ onCard }) => show(onCard));

  browser.contextMenus.onClicked.addListener((info, tab) => {
    if (info.menuItemId === USE_AS_BOARD) {
      // First, and without waiting for anything: only the click itself allows to ask for a permission.
      void requestBoard(tab);
    } else if (info.menuItemId === PREVIEW && tab?.id !== undefined) {
      // A board whose script is gone cannot have a panel; the list of attempts is the next best.
      sendMessage('board:preview', undefined, { tabId: tab.id, frameId: 0 }).catch(() =>
        openTab({ kind: 'none' }),
      );
    } else if (info.menuItemId === OPEN_IN_TAB) {
      void targetOfTab(tab?.id).then(openTab);
    }
  });
}

async function createItems(): Promise<void> {
  await browser.contextMenus.removeAll();
  browser.contextMenus.create({
    id: PREVIEW,
    title: i18n('menu_preview_task'),
    contexts: [...CARD_CONTEXTS],
    documentUrlPatterns: await boardPatterns(),
    visible: false,
  });
  browser.contextMenus.create({ id: OPEN_IN_TAB, title: i18n('menu_open_in_tab'), contexts: ['action'] });
  browser.contextMenus.create({ id: USE_AS_BOARD, title: i18n('menu_use_as_board'), contexts: ['action'] });
}

async function show(visible: boolean): Promise<void> {
  await browser.contextMenus.update(PREVIEW, { visible, documentUrlPatterns: await boardPatterns() });
  // Firefox can mend a menu that opened before the page had told where the pointer is.
  if (import.meta.env.FIREFOX) await (browser.contextMenus as unknown as RefreshableMenus).refresh();
}

/** Firefox's addition, which Chromium's types do not know. */
interface RefreshableMenus {
  refresh(): Promise<void>;
}
