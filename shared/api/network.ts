import { z } from 'zod';

/** Header lines in the order they came; a name may come more than once. */
const headersSchema = z.array(z.tuple([z.string(), z.string()]));

/** Milliseconds of each phase, as HAR 1.2 names them; left out where it did not happen. */
const timingsSchema = z.object({
  /** Waited for a backend that was starting, or for a free connection. */
  blocked: z.number().optional(),
  connect: z.number().optional(),
  send: z.number().optional(),
  /** Until the first byte of the answer. */
  wait: z.number().optional(),
  receive: z.number().optional(),
});

/** The beginning of a body. */
const bodySchema = z.object({
  mimeType: z.string().optional(),
  /** Null for a body that is not text. */
  text: z.string().nullable(),
  /** The body went on after this. */
  isCut: z.boolean(),
  /** What is no text, where it was kept whole. */
  base64: z.string().optional(),
});

/** One request that went through an environment's proxy, or that its sandbox tried to send out. */
export const networkRequestSchema = z.object({
  /** Rises by one; a request is told again, with the same id, as it goes on. */
  id: z.number(),
  startedAt: z.number(),
  method: z.string(),
  /** Path and query on the preview origin; the whole URL, or host:port of a tunnel, for what goes out. */
  url: z.string(),
  status: z.number().optional(),
  /** Milliseconds until the response ended. */
  durationMs: z.number().optional(),
  requestBytes: z.number(),
  responseBytes: z.number(),
  /** Who asked: a page in the browser, or something in the sandbox. */
  initiator: z.enum(['browser', 'backend']),
  kind: z.enum(['http', 'websocket', 'tunnel']),
  /** Which service took it, or sent it where that is known. */
  service: z.string().optional(),
  /** Not let out: the egress policy does not allow the host. */
  blocked: z.boolean().optional(),
  /** It was the page's content policy that blocked it: the directive that does not allow the host. */
  policy: z.string().optional(),
  /** The page asked another host itself: known is what a page may know of that. */
  direct: z.boolean().optional(),
  /** What the page wanted it for, in the browser's words (Sec-Fetch-Dest): `script`, `image`, `empty` for fetch(). */
  destination: z.string().optional(),
  /** MIME type of the response. */
  mimeType: z.string().optional(),
  error: z.string().optional(),
  /** The page gave it up before the answer was whole: it was left or reloaded, or its code aborted it. No failure. */
  cancelled: z.boolean().optional(),
});
export type NetworkRequest = z.infer<typeof networkRequestSchema>;

export const webSocketFrameSchema = z.object({
  at: z.number(),
  direction: z.enum(['sent', 'received']),
  opcode: z.number(),
  bytes: z.number(),
  /** The beginning of a text frame. */
  text: z.string().optional(),
});
export type WebSocketFrame = z.infer<typeof webSocketFrameSchema>;

/** Everything that is kept of one request. Secrets in Authorization, Cookie and Set-Cookie are masked. */
export const networkRequestDetailSchema = networkRequestSchema.extend({
  httpVersion: z.string(),
  statusText: z.string().optional(),
  requestHeaders: headersSchema,
  responseHeaders: headersSchema,
  timings: timingsSchema,
  requestBody: bodySchema.optional(),
  responseBody: bodySchema.optional(),
  frames: z.array(webSocketFrameSchema).optional(),
  /** Frames that were not kept. */
  framesDropped: z.number().optional(),
});
export type NetworkRequestDetail = z.infer<typeof networkRequestDetailSchema>;

/** Answer to POST /api/environments/{id}/network/{request}/replay: what the request came to this time. */
export const replayedSchema = z.object({ status: z.number() });
export type Replayed = z.infer<typeof replayedSchema>;

/** Answer to GET /api/environments/{id}/network: in the order of their last change, after the filters of the query. */
export const networkListSchema = z.object({
  requests: z.array(networkRequestSchema),
  /** Give it as `since` for what came or changed after this answer. */
  cursor: z.number(),
  /** Whether there is more after `cursor` right now. */
  hasMore: z.boolean(),
  /** Requests with a lower id are not kept any more, or were cleared. */
  oldestId: z.number(),
});
export type NetworkList = z.infer<typeof networkListSchema>;

/** Query of GET /api/environments/{id}/network. */
export const networkQuerySchema = z.object({
  /** Only what came or changed after this cursor. */
  since: z.coerce.number().int().min(0).default(0),
  limit: z.coerce.number().int().min(1).max(1000).default(500),
  method: z.string().optional(),
  /** `404`, or a class: `4xx`. */
  status: z
    .string()
    .regex(/^[1-5](\d\d|xx)$/)
    .optional(),
  initiator: z.enum(['browser', 'backend']).optional(),
  kind: z.enum(['http', 'websocket', 'tunnel']).optional(),
  blocked: z.enum(['true', 'false']).optional(),
  /** A part of the URL, case ignored. */
  text: z.string().max(500).optional(),
});
export type NetworkQuery = z.infer<typeof networkQuerySchema>;

/** Body of POST /api/environments/{id}/egress: a host the sandbox may reach from now on. */
export const allowHostSchema = z.strictObject({
  /** `example.org`, `*.example.org`, or with a port `example.org:8443`. */
  host: z
    .string()
    .max(260)
    .regex(
      /^(\*\.)?[A-Za-z0-9._-]+(:\d{1,5})?$|^\[[0-9a-fA-F:]+\](:\d{1,5})?$/,
      'expected a host without scheme and path, such as api.example.org, *.example.org or localhost:9000',
    ),
});
export type AllowHost = z.infer<typeof allowHostSchema>;
