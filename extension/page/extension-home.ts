import type { ReadonlySignal } from '@preact/signals';
import { connectExtensionPage } from '../companion/extension-connection.ts';
import { sendMessage } from '../messaging/messenger.ts';
import type { WorkbenchHome, WorkbenchTarget } from '../workbench/home.ts';
import { requestBoardAccess } from './board-access.ts';
import { extensionNotifications } from './extension-notifications.ts';

/** What every page of the extension gives the workbench. Lives until `signal` is aborted. */
export function extensionHome(
  kind: WorkbenchHome['kind'],
  target: ReadonlySignal<WorkbenchTarget>,
  signal: AbortSignal,
): WorkbenchHome {
  return {
    kind,
    target,
    connection: connectExtensionPage((question) => sendMessage('companion:connect', question), signal),
    requestBoardAccess,
    notifications: extensionNotifications(signal),
    ...(kind !== 'tab' && { openInTab: (shown) => void sendMessage('tab:open', { target: shown }) }),
  };
}
