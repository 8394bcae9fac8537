import type { StorageItemKey } from 'wxt/utils/storage';
import { storage } from 'wxt/utils/storage';
import { z } from 'zod';
import { connectReplySchema, nonceSchema } from '#shared/extension/messages.ts';
import { boardTaskSchema, boardUrlSchema, targetSchema } from '#shared/extension/target.ts';

/**
 * What the extension remembers until the browser is closed. The background may be ended at any moment, so nothing that
 * matters is kept in its memory. Content scripts cannot read this area.
 */
export interface SessionItem<Value> {
  /** Null when nothing is stored, or something of an older version. */
  get(): Promise<Value | null>;
  set(value: Value): Promise<void>;
  remove(): Promise<void>;
  /** Calls back after each change; returns how to stop. */
  watch(onChange: (value: Value | null) => void): () => void;
}

function sessionItem<Value>(name: string, schema: z.ZodType<Value>): SessionItem<Value> {
  const key: StorageItemKey = `session:${name}`;
  const parse = (stored: unknown): Value | null => schema.safeParse(stored).data ?? null;
  return {
    get: async () => parse(await storage.getItem(key)),
    set: (value) => storage.setItem(key, value),
    remove: () => storage.removeItem(key),
    watch: (onChange) => storage.watch<unknown>(key, (stored) => onChange(parse(stored))),
  };
}

/** The panel of one tab: what it shows, and which frame it is. */
const panelSchema = z.object({
  boardUrl: boardUrlSchema,
  target: targetSchema,
  /** Given to the content script, not yet used by a frame. */
  nonce: nonceSchema.optional(),
  /** The frame that used a nonce: this one, and no other, is the panel. */
  frameId: z.int().optional(),
});
export type PanelRecord = z.infer<typeof panelSchema>;
export const panelOf = (tabId: number) => sessionItem<PanelRecord>(`panel:${tabId}`, panelSchema);

/** The board in one tab, and the task whose page it shows. */
const shownSchema = z.object({ boardUrl: boardUrlSchema, task: boardTaskSchema.nullable() });
export type Shown = z.infer<typeof shownSchema>;
export const shownIn = (tabId: number) => sessionItem<Shown>(`shown:${tabId}`, shownSchema);

const addressSchema = connectReplySchema.options[0].shape.address;
export type StoredAddress = z.infer<typeof addressSchema>;
/** Where the companion was when it was last asked. */
export const companionAddress = sessionItem<StoredAddress>('companion', addressSchema);
