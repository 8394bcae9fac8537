import { z } from 'zod';

/**
 * HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as far as it is shown. Every tool leaves out or bends
 * something; only what a request cannot do without is insisted on.
 */
const lines = z
  .array(z.object({ name: z.string(), value: z.string() }))
  .catch([])
  .transform((list) => list.map(({ name, value }): [string, string] => [name, value]));
const word = z.string().catch('');
/** −1 is HAR's word for what is not known, or did not happen. */
const amount = z.number().catch(-1);
const content = z.object({
  size: amount,
  mimeType: word,
  text: z.string().optional().catch(undefined),
  encoding: word,
});

/** Chrome's, and ours: `type` is `send` or `receive`, `time` in seconds. */
const frame = z.object({
  type: z.enum(['send', 'receive']),
  time: z.number(),
  opcode: z.number(),
  data: word,
});

export const harEntrySchema = z.object({
  startedDateTime: word,
  time: amount,
  request: z.object({
    method: z.string(),
    url: z.string(),
    httpVersion: word,
    headers: lines,
    bodySize: amount,
    postData: z
      .object({ mimeType: word, text: z.string().optional().catch(undefined) })
      .optional()
      .catch(undefined),
  }),
  response: z.object({
    status: amount,
    statusText: word,
    headers: lines,
    bodySize: amount,
    content: content.catch({ size: -1, mimeType: '', text: undefined, encoding: '' }),
    _error: z.string().optional().catch(undefined),
  }),
  timings: z
    .object({ blocked: amount, connect: amount, send: amount, wait: amount, receive: amount })
    .partial()
    .catch({}),
  comment: z.string().optional().catch(undefined),
  _webSocketMessages: z.array(frame).optional().catch(undefined),
  /** Chrome's: what it was for. */
  _resourceType: z.string().optional().catch(undefined),
  /** Ours: the sandbox was not let out. */
  _blocked: z.boolean().optional().catch(undefined),
});
export type HarEntry = z.infer<typeof harEntrySchema>;

export const harSchema = z.object({ log: z.object({ entries: z.array(z.unknown()) }) });
