import type { z } from 'zod';
import { browser } from 'wxt/browser';
import { fromBoardSchemas, fromPageSchemas, type Protocol } from '#shared/extension/messages.ts';
import { onMessage } from './messenger.ts';
import { type BoardSender, boardSender, type PageSender, pageSender } from './sender.ts';

type Answer<Name extends keyof Protocol> = ReturnType<Protocol[Name]> | Promise<ReturnType<Protocol[Name]>>;

/** Answers a message that only a board's content script may send. Anybody else, and any other shape, is refused. */
export function listenToBoards<Name extends keyof typeof fromBoardSchemas>(
  name: Name,
  answer: (data: z.infer<(typeof fromBoardSchemas)[Name]>, sender: BoardSender) => Answer<Name>,
): void {
  onMessage(name, async (message) => {
    const sender = boardSender(message.sender, browser.runtime.id);
    if (!sender) throw new Error(`${name} is for the content script of a board`);
    return answer(parse(name, fromBoardSchemas[name], message.data), sender);
  });
}

/** Answers a message that only a page of this extension may send. Anybody else, and any other shape, is refused. */
export function listenToPages<Name extends keyof typeof fromPageSchemas>(
  name: Name,
  answer: (data: z.infer<(typeof fromPageSchemas)[Name]>, sender: PageSender) => Answer<Name>,
): void {
  onMessage(name, async (message) => {
    const sender = pageSender(message.sender, browser.runtime.id, browser.runtime.getURL('/'));
    if (!sender) throw new Error(`${name} is for the pages of this extension`);
    return answer(parse(name, fromPageSchemas[name], message.data), sender);
  });
}

function parse<Schema extends z.ZodType>(name: string, schema: Schema, data: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new Error(`${name} has an unexpected shape: ${parsed.error.message}`);
  return parsed.data;
}
