/** One notification of the system. The same id takes the place of the one before. */
export interface SystemNotification {
  id: string;
  title: string;
  body: string;
  onClick: () => void;
}

/** How a home of the workbench reaches a person who looks elsewhere. */
export interface SystemNotifications {
  /** Asks the person, in answer to a click of theirs. */
  request(): Promise<boolean>;
  show(notification: SystemNotification): void | Promise<void>;
}

/** The browser's notifications for a page of its own; undefined where it has none. */
export function pageNotifications(): SystemNotifications | undefined {
  if (!('Notification' in globalThis)) return undefined;
  return {
    request: async () => (await Notification.requestPermission()) === 'granted',
    show({ id, title, body, onClick }) {
      if (Notification.permission !== 'granted') return;
      const shown = new Notification(title, { body, tag: `vitrine-${id}` });
      shown.onclick = () => {
        window.focus();
        shown.close();
        onClick();
      };
    },
  };
}
