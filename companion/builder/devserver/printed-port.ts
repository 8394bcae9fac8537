import { stripVTControlCharacters } from 'node:util';

const ADDRESS = /\bhttps?:\/\/(?:localhost|127\.0\.0\.1|0\.0\.0\.0|\[::1?\])(?::(\d{2,5}))?(?=[/\s'"),.]|$)/i;
const PORT =
  /\b(?:listening|running|started|ready|serving|available)\b.{0,40}?\b(?:port|:)\s*:?\s*(\d{2,5})\b/i;

/** The port that a server says it listens on, in a line it printed; null where the line names none. */
export function printedPort(line: string): number | null {
  const text = stripVTControlCharacters(line).slice(0, 500);
  const found = ADDRESS.exec(text)?.[1] ?? PORT.exec(text)?.[1];
  const port = Number(found);
  return found !== undefined && port > 0 && port < 65_536 ? port : null;
}
