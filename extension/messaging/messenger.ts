import { defineExtensionMessaging } from '@webext-core/messaging';
import type { Protocol } from '#shared/extension/messages.ts';

/**
 * Messages between the parts of the extension. The schemas stay out of this module on purpose: it is part of the
 * content script, which must be small; who listens in the background parses (see `listen.ts`).
 */
export const { sendMessage, onMessage } = defineExtensionMessaging<Protocol>();
