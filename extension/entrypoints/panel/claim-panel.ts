import { type ClaimReply, claimReplySchema, nonceSchema } from '#shared/extension/messages.ts';
import { sendMessage } from '../../messaging/messenger.ts';

/** Proves to the background that a board's content script made this frame. Null for every other frame or tab. */
export async function claimPanel(): Promise<ClaimReply> {
  const nonce = nonceSchema.safeParse(location.hash.slice(1));
  // A panel sits in the board's top page, never deeper.
  if (!nonce.success || window === window.top || window.parent !== window.top) return null;
  try {
    return claimReplySchema.parse(await sendMessage('panel:claim', { nonce: nonce.data }));
  } catch {
    return null; // refused
  }
}
