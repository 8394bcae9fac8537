import { z } from 'zod';
import { failureSchema } from '../api/environment.ts';
import { boardTaskSchema, boardUrlSchema, targetSchema } from './target.ts';

/** A secret that lets one frame become one panel, once. */
export const nonceSchema = z.string().regex(/^[0-9a-f]{32}$/);

const nothing = z.undefined().or(z.null()).optional();

/** Content script of a board → background. */
export const fromBoardSchemas = {
  /** The pointer or the focus came to a task's card, or left it: the menu item follows. */
  'board:card': z.object({ onCard: z.boolean() }),
  /** The board shows this task's page now, or none. */
  'board:shows': z.object({ task: boardTaskSchema.nullable() }),
  /** Asks for the reader that runs in the page's own world. */
  'board:probe': nothing,
  /** Asks for the right to open a panel for this target; answers the nonce. */
  'panel:open': z.object({ target: targetSchema }),
  /** Asks, after a load of the board, whether a panel was open; answers a nonce for it, or null. */
  'panel:recall': nothing,
  /** The person closed the panel. */
  'panel:closed': nothing,
} as const;

/** Page of the extension → background. */
export const fromPageSchemas = {
  /** A panel proves that the board’s content script made it; answers what to show. */
  'panel:claim': z.object({ nonce: nonceSchema }),
  /** The panel shows something else now; remembered for the next load of the board. */
  'panel:show': z.object({ target: targetSchema }),
  'panel:close': nothing,
  'tab:open': z.object({ target: targetSchema }),
  /** Where the companion is. `suspect`: a call just failed, so what is known is not to be trusted. */
  'companion:connect': z.object({ suspect: z.boolean() }),
} as const;

export const claimReplySchema = z.object({ boardUrl: boardUrlSchema, target: targetSchema }).nullable();
export type ClaimReply = z.infer<typeof claimReplySchema>;

/** The companion as an extension page is told about it. */
export const connectReplySchema = z.discriminatedUnion('status', [
  z.object({
    status: z.literal('connected'),
    address: z.object({ baseUrl: z.url({ protocol: /^http$/ }), token: z.string().min(32) }),
  }),
  z.object({ status: z.literal('unavailable'), failure: failureSchema }),
]);
export type ConnectReply = z.infer<typeof connectReplySchema>;

/** The data of each message, by its name. */
export type FromBoard = { [Name in keyof typeof fromBoardSchemas]: z.infer<(typeof fromBoardSchemas)[Name]> };
export type FromPage = { [Name in keyof typeof fromPageSchemas]: z.infer<(typeof fromPageSchemas)[Name]> };

/** Every message inside the extension, with its answer. */
export interface Protocol {
  'board:card'(data: FromBoard['board:card']): void;
  'board:shows'(data: FromBoard['board:shows']): void;
  'board:probe'(): void;
  'panel:open'(data: FromBoard['panel:open']): string;
  'panel:recall'(): string | null;
  'panel:closed'(): void;
  'panel:claim'(data: FromPage['panel:claim']): ClaimReply;
  'panel:show'(data: FromPage['panel:show']): void;
  'panel:close'(): void;
  'tab:open'(data: FromPage['tab:open']): void;
  'companion:connect'(data: FromPage['companion:connect']): ConnectReply;
  /** Background → content script: the menu item was clicked. */
  'board:preview'(): void;
  /** Background → content script: the panel asks to be closed. */
  'board:close-panel'(): void;
}
