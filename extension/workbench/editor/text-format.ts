/** What a file has beside its text, so that saving changes nothing else. */
export interface TextFormat {
  hasByteOrderMark: boolean;
  /** `mixed`: carriage returns stay in the text as the characters they are. */
  lineEnds: 'lf' | 'crlf' | 'mixed';
}

const BYTE_ORDER_MARK = '\uFEFF';

/** A file's content as the editor holds it. */
export function toDocument(content: string): { text: string; format: TextFormat } {
  const hasByteOrderMark = content.startsWith(BYTE_ORDER_MARK);
  const raw = hasByteOrderMark ? content.slice(1) : content;
  const isCrlf = raw.includes('\r\n') && !/\r(?!\n)|(?<!\r)\n/.test(raw);
  if (isCrlf) return { text: raw.replaceAll('\r\n', '\n'), format: { hasByteOrderMark, lineEnds: 'crlf' } };
  return { text: raw, format: { hasByteOrderMark, lineEnds: raw.includes('\r') ? 'mixed' : 'lf' } };
}

/** The editor's text as the file's content: what {@link toDocument} took apart, put together. */
export function toContent(text: string, { hasByteOrderMark, lineEnds }: TextFormat): string {
  const body = lineEnds === 'crlf' ? text.replaceAll('\n', '\r\n') : text;
  return (hasByteOrderMark ? BYTE_ORDER_MARK : '') + body;
}
