import { browser } from 'wxt/browser';
import type { SystemNotifications } from '../workbench/notifications/system-notifications.ts';

const PREFIX = 'vitrine-';

/** The extension's notifications; the browser asks for the permission when somebody turns them on. */
export function extensionNotifications(lifetime: AbortSignal): SystemNotifications {
  const clicks = new Map<string, () => void>();
  let isListening = false;

  /** There is nothing to listen to before the permission is given. */
  function listen(): void {
    if (isListening) return;
    isListening = true;
    const onClicked = (id: string) => {
      const onClick = clicks.get(id);
      if (!onClick) return; // another page's
      clicks.delete(id);
      void browser.notifications.clear(id);
      void showThisPage();
      onClick();
    };
    browser.notifications.onClicked.addListener(onClicked);
    lifetime.addEventListener('abort', () => browser.notifications.onClicked.removeListener(onClicked));
  }

  return {
    request: () => browser.permissions.request({ permissions: ['notifications'] }),
    async show({ id, title, body, onClick }) {
      if (!(await browser.permissions.contains({ permissions: ['notifications'] }))) return;
      listen();
      clicks.set(PREFIX + id, onClick);
      await browser.notifications.create(PREFIX + id, {
        type: 'basic',
        iconUrl: browser.runtime.getURL('/icon/128.png'),
        title,
        message: body,
      });
    },
  };
}

/** Brings forward the tab that this page is, or is in; a side panel is seen as it is. */
async function showThisPage(): Promise<void> {
  const tab = await browser.tabs.getCurrent();
  if (tab?.id === undefined) return;
  await browser.tabs.update(tab.id, { active: true });
  if (tab.windowId !== undefined) await browser.windows.update(tab.windowId, { focused: true });
}
