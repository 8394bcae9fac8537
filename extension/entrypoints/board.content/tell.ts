import type { Protocol } from '#shared/extension/messages.ts';
import { sendMessage } from '../../messaging/messenger.ts';

type Telling = 'board:shows' | 'panel:closed';

/** Tells the background what it should know, without waiting for it. */
export function tell<Name extends Telling>(name: Name, data: Parameters<Protocol[Name]>[0]): void {
  // It is gone only when the extension itself is: updated or removed, and this script with it.
  sendMessage<Telling>(name, data).catch(() => {});
}
