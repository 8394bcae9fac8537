import { browser } from 'wxt/browser';
import type { z } from 'zod';
import {
  type FromBoard,
  type FromPage,
  fromBoardSchemas,
  fromPageSchemas,
  type Protocol,
} from '#shared/extension/messages.ts';
import { onMessage } from './messenger.ts';
import { type BoardSender, boardSender, type PageSender, pageSender } from './sender.ts';

// Typed by name, so that a name's schema is known to give that name's data.
const boardSchemas: { [Name in keyof FromBoard]: z.ZodType<FromBoard[Name]> } = fromBoardSchemas;
const pageSchemas: { [Name in keyof FromPage]: z.ZodType<FromPage[Name]> } = fromPageSchemas;

type Answer<Name extends keyof Protocol> = ReturnType<Protocol[Name]> | Promise<ReturnType<Protocol[Name]>>;

/** Answers a message that only a board's content script may send. Anybody else, and any other shape, is refused. */
export function listenToBoards<Name extends keyof FromBoard>(
  name: Name,
  answer: (data: FromBoard[Name], sender: BoardSender) => Answer<Name>,
): void {
  onMessage(name, async (message) => {
    const sender = boardSender(message.sender, browser.runtime.id);
    if (!sender) throw new Error(`${name} is for the content script of a board`);
    return answer(parse(name, boardSchemas[name], message.data), sender);
  });
}

/** Answers a message that only a page of this extension may send. Anybody else, and any other shape, is refused. */
export function listenToPages<Name extends keyof FromPage>(
  name: Name,
  answer: (data: FromPage[Name], sender: PageSender) => Answer<Name>,
): void {
  onMessage(name, async (message) => {
    const sender = pageSender(message.sender, browser.runtime.id, location.origin);
    if (!sender) throw new Error(`${name} is for the pages of this extension`);
    return answer(parse(name, pageSchemas[name], message.data), sender);
  });
}

function parse<Data>(name: string, schema: z.ZodType<Data>, data: unknown): Data {
  const parsed = schema.safeParse(data);
  if (!parsed.success) throw new Error(`${name} has an unexpected shape: ${parsed.error.message}`);
  return parsed.data;
}
