import { z } from 'zod';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { VitrineError } from '#shared/errors.ts';
import { text } from '../text/text.ts';

/** Larger files are refused: they would be parsed in one piece on the page's only thread. */
const MAX_HAR_BYTES = 50 * 1024 * 1024;
const MAX_ENTRIES = 5_000;

const headers = z.array(z.object({ name: z.string(), value: z.string() })).default([]);
const phase = z.number().default(-1);
/** HAR 1.2 (http://www.softwareishard.com/blog/har-12-spec/), as far as it is shown. */
const entrySchema = z.object({
  startedDateTime: z.string(),
  time: z.number().default(0),
  request: z.object({
    method: z.string(),
    url: z.string(),
    httpVersion: z.string().default(''),
    headers,
    bodySize: z.number().default(0),
    postData: z.object({ mimeType: z.string().optional(), text: z.string().optional() }).optional(),
  }),
  response: z.object({
    status: z.number(),
    statusText: z.string().default(''),
    headers,
    bodySize: z.number().default(0),
    content: z
      .object({
        size: z.number().default(0),
        mimeType: z.string().default(''),
        text: z.string().optional(),
        encoding: z.string().optional(),
      })
      .prefault({}),
  }),
  timings: z
    .object({ blocked: phase, connect: phase, send: phase, wait: phase, receive: phase })
    .prefault({}),
});
const harSchema = z.object({ log: z.object({ entries: z.array(entrySchema).max(MAX_ENTRIES) }) });

/** The requests of a HAR file, from whatever tool. Throws HAR_INVALID. */
export function readHar(source: string): NetworkRequestDetail[] {
  if (source.length > MAX_HAR_BYTES) throw invalid();
  let value: unknown;
  try {
    value = JSON.parse(source.replace(/^\uFEFF/, ''));
  } catch (cause) {
    throw invalid(cause);
  }
  const parsed = harSchema.safeParse(value);
  if (!parsed.success) throw invalid(parsed.error);
  return parsed.data.log.entries.map(toDetail);
}

function toDetail(entry: z.infer<typeof entrySchema>, index: number): NetworkRequestDetail {
  const { request, response, timings } = entry;
  const { content } = response;
  const startedAt = Date.parse(entry.startedDateTime);
  const lines = (list: { name: string; value: string }[]) =>
    list.map(({ name, value }): [string, string] => [name, value]);
  const isText = content.encoding !== 'base64';
  return {
    id: index + 1,
    startedAt: Number.isFinite(startedAt) ? startedAt : 0,
    method: request.method,
    url: request.url,
    // A request that got no answer has status 0.
    status: response.status > 0 ? response.status : undefined,
    error: response.status > 0 ? undefined : response.statusText || undefined,
    durationMs: Math.max(0, entry.time),
    requestBytes: Math.max(0, request.bodySize),
    responseBytes: Math.max(0, response.bodySize > 0 ? response.bodySize : content.size),
    initiator: 'browser',
    kind: request.url.startsWith('ws') ? 'websocket' : 'http',
    mimeType: content.mimeType || undefined,
    httpVersion: request.httpVersion.replace(/^HTTP\//i, ''),
    statusText: response.statusText,
    requestHeaders: lines(request.headers),
    responseHeaders: lines(response.headers),
    // -1 is HAR's word for a phase that did not happen.
    timings: Object.fromEntries(Object.entries(timings).filter(([, ms]) => ms >= 0)),
    requestBody: request.postData && {
      mimeType: request.postData.mimeType,
      text: request.postData.text ?? null,
      isCut: false,
    },
    responseBody:
      content.text === undefined
        ? undefined
        : {
            mimeType: content.mimeType,
            text: isText ? content.text : null,
            isCut: false,
            ...(!isText && { base64: content.text }),
          },
  };
}

function invalid(cause?: unknown): VitrineError {
  return new VitrineError({
    code: 'HAR_INVALID',
    message: text('network.import-invalid'),
    remedy: text('network.import-invalid-remedy'),
    cause,
  });
}
