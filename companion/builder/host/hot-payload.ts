import { z } from 'zod';

/** More modules than that are a checkout's: pages ask for those they run. */
const MAX_AHEAD = 20;

/** What Vite tells its client in a page, as far as it matters here. A message that is none of it is passed on all the same. */
const payloadSchema = z.object({
  type: z.string(),
  updates: z
    .array(
      z.object({
        type: z.string(),
        timestamp: z.number(),
        acceptedPath: z.string(),
        explicitImportRequired: z.boolean().optional(),
      }),
    )
    .optional(),
});

export interface HotPayload {
  type: string;
  /** Of an update; null for anything else. */
  timestamp: number | null;
  /** Paths below the base that pages ask for because of it, if they run the modules. */
  wanted: string[];
}

/** Reads a message of Vite's. */
export function readHotPayload(payload: string): HotPayload {
  const parsed = payloadSchema.safeParse(parseJson(payload));
  if (!parsed.success) return { type: '', timestamp: null, wanted: [] };
  const { type, updates = [] } = parsed.data;
  if (type !== 'update') return { type, timestamp: null, wanted: [] };
  const scripts = updates.filter((update) => update.type === 'js-update').slice(0, MAX_AHEAD);
  return { type, timestamp: updates[0]?.timestamp ?? null, wanted: [...new Set(scripts.map(pathOf))] };
}

/** As Vite's client makes it of an update. */
function pathOf(update: {
  acceptedPath: string;
  timestamp: number;
  explicitImportRequired?: boolean | undefined;
}): string {
  const [path, query] = update.acceptedPath.split('?', 2);
  const isAsset = update.explicitImportRequired ? 'import&' : '';
  return `${path}?${isAsset}t=${update.timestamp}${query ? `&${query}` : ''}`;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
