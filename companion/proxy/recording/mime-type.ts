const NOT_TEXT =
  /^(image|audio|video|font)\/(?!svg\+xml)|^application\/(octet-stream|zip|gzip|x-gzip|pdf|wasm|.*protobuf|grpc.*|vnd\.ms-.*|x-tar)$/;

/** The media type without its parameters, lower case; undefined for none. */
export function mimeTypeOf(contentType: string | undefined): string | undefined {
  return contentType?.split(';', 1)[0]?.trim().toLowerCase() || undefined;
}

/** Whether a body of this type may be text; its bytes have the last word. */
export const mayBeText = (mimeType: string | undefined): boolean =>
  mimeType === undefined || !NOT_TEXT.test(mimeType);

const PICTURE = /^image\/(png|jpeg|gif|webp|avif|bmp|x-icon|vnd\.microsoft\.icon)$/;

/** Whether a browser draws it and runs nothing of it. SVG is text. */
export const isPicture = (mimeType: string | undefined): boolean =>
  mimeType !== undefined && PICTURE.test(mimeType);

/** The charset parameter of a Content-Type. */
export const charsetOf = (contentType: string | undefined): string =>
  /;\s*charset\s*=\s*"?([\w.:-]+)/i.exec(contentType ?? '')?.[1] ?? 'utf-8';
