import { toVitrineError } from '#shared/errors.ts';
import type { ConnectReply } from '#shared/extension/messages.ts';
import { isAlive } from '../../companion/health.ts';
import { listenToPages } from '../../messaging/listen.ts';
import { companionAddress } from '../../session/items.ts';
import { askNativeHost } from './native-host.ts';
import { claimedPanel } from './panels.ts';

/** Pages that no site can frame; the panel needs its claim besides. */
const OWN_PAGES = new Set(['/workbench.html', '/sidepanel.html']);

let asking: Promise<ConnectReply> | undefined;

/** Tells the extension's own pages where the companion is. They ask again by themselves while it is gone. */
export function answerCompanionQuestions(): void {
  listenToPages('companion:connect', async ({ suspect }, sender) => {
    const allowed = OWN_PAGES.has(sender.path) || (await claimedPanel(sender)) !== null;
    if (!allowed) throw new Error('This frame is no panel of a board');
    asking ??= connect(suspect).finally(() => {
      asking = undefined;
    });
    return asking;
  });
}

/** The known address if somebody answers there, else what the native host says. */
async function connect(suspect: boolean): Promise<ConnectReply> {
  try {
    const known = await companionAddress.get();
    if (known && (await isAlive(known, { checkToken: suspect })))
      return { status: 'connected', address: known };
    await companionAddress.remove();
    const address = await askNativeHost();
    await companionAddress.set(address);
    return { status: 'connected', address };
  } catch (thrown) {
    return { status: 'unavailable', failure: toVitrineError(thrown).toBody().error };
  }
}
