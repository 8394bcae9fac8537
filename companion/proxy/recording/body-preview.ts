import type { Transform } from 'node:stream';
import zlib from 'node:zlib';
import type { NetworkRequestDetail } from '#shared/api/network.ts';
import { type BodyCapture, MAX_IMAGE_BYTES, MAX_PREVIEW_BYTES } from './body-store.ts';
import { charsetOf, isPicture, mimeTypeOf } from './mime-type.ts';

export type BodyPreview = NonNullable<NetworkRequestDetail['responseBody']>;

/** A body is encoded more than once only by mistake or in an attack. */
const MAX_ENCODINGS = 2;
/** What decompression hands out at once: with it a bomb costs this much more than the preview. Bytes. */
const DECODED_CHUNK_BYTES = 16 * 1024;

/** What a person is shown of a body: text, decompressed, and null where it is something else. */
export async function previewBody(
  capture: BodyCapture,
  contentType: string | undefined,
  contentEncoding: string | undefined,
): Promise<BodyPreview> {
  const mimeType = mimeTypeOf(contentType);
  const limit = isPicture(mimeType) ? MAX_IMAGE_BYTES : MAX_PREVIEW_BYTES;
  let content = { bytes: capture.bytes(), isCut: capture.isCut };
  for (const encoding of encodingsOf(contentEncoding)) {
    const decoder = createDecoder(encoding);
    if (!decoder) return { mimeType, text: null, isCut: capture.isCut };
    const decoded = await decode(decoder, content.bytes, limit);
    if (!decoded) return { mimeType, text: null, isCut: capture.isCut };
    content = { bytes: decoded.bytes, isCut: content.isCut || decoded.isCut };
  }
  if (isPicture(mimeType)) {
    const { bytes, isCut } = content;
    return { mimeType, text: null, isCut, ...(!isCut && { base64: bytes.toString('base64') }) };
  }
  const { bytes, isCut } = content;
  const text = readText(bytes, charsetOf(contentType));
  // What is no text can still be sent again as it was.
  return { mimeType, text, isCut, ...(text === null && !isCut && { base64: bytes.toString('base64') }) };
}

/** In the order they are to be taken off, the last one first. */
function encodingsOf(header: string | undefined): string[] {
  const names = header?.toLowerCase().split(',') ?? [];
  const real = names.map((name) => name.trim()).filter((name) => name !== '' && name !== 'identity');
  return real.length > MAX_ENCODINGS ? ['too-many'] : real.reverse();
}

function createDecoder(encoding: string): Transform | null {
  const options = { chunkSize: DECODED_CHUNK_BYTES };
  if (encoding === 'gzip' || encoding === 'x-gzip') return zlib.createGunzip(options);
  if (encoding === 'br') return zlib.createBrotliDecompress(options);
  if (encoding === 'deflate') return zlib.createInflate(options);
  // Node 20 has none.
  if (encoding === 'zstd') return zlib.createZstdDecompress?.(options) ?? null;
  return null;
}

/** Decodes the beginning of a body, which may end in the middle. Null when not even that can be read. */
function decode(
  decoder: Transform,
  bytes: Buffer,
  limit: number,
): Promise<{ bytes: Buffer; isCut: boolean } | null> {
  return new Promise((resolve) => {
    const chunks: Buffer[] = [];
    let length = 0;
    const finish = (isCut: boolean) => {
      decoder.destroy();
      const decoded = Buffer.concat(chunks, Math.min(length, limit));
      resolve(length === 0 && isCut ? null : { bytes: decoded, isCut });
    };
    decoder.on('data', (chunk: Buffer) => {
      chunks.push(chunk);
      length += chunk.length;
      if (length > limit) finish(true);
    });
    decoder.on('end', () => finish(false));
    // What was decoded before the captured part ends is good.
    decoder.on('error', () => finish(true));
    decoder.end(bytes);
  });
}

/** The text, or null for bytes that do not look like any. */
export function readText(bytes: Buffer, charset = 'utf-8'): string | null {
  let decoder: TextDecoder;
  try {
    decoder = new TextDecoder(charset, { fatal: true });
  } catch {
    decoder = new TextDecoder('utf-8', { fatal: true }); // a charset nobody knows
  }
  try {
    // As a stream, because the preview may end within a character.
    const text = decoder.decode(bytes, { stream: true });
    return looksBinary(text) ? null : text;
  } catch {
    return null;
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROL_CHARACTERS = /[\u0000-\u0008\u000e-\u001a\u001c-\u001f]/;

const looksBinary = (text: string): boolean => CONTROL_CHARACTERS.test(text);
