import { browser } from 'wxt/browser';

/** The toolbar button opens the workbench beside the page: Chromium's side panel, Firefox's sidebar. */
export function registerSidePanel(): void {
  if (import.meta.env.FIREFOX) {
    // Straight from the click: Firefox refuses to open the sidebar after any wait.
    browser.action.onClicked.addListener(() => void firefoxSidebar().toggle());
  } else if (browser.sidePanel) {
    void browser.sidePanel.setPanelBehavior({ openPanelOnActionClick: true });
  }
}

interface FirefoxSidebar {
  toggle(): Promise<void>;
}

/** Chromium's types know nothing of Firefox's API. */
function firefoxSidebar(): FirefoxSidebar {
  return (browser as unknown as { sidebarAction: FirefoxSidebar }).sidebarAction;
}
