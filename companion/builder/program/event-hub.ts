import type { ServerResponse } from 'node:http';
import type { BuilderEvent } from '../protocol.ts';

/** A reader this far behind (bytes) is cut off; it comes back and gets the whole build. */
const MAX_BEHIND_BYTES = 64 * 1024 * 1024;

/** Sends events to everyone who listens, one JSON document a line. */
export class EventHub {
  readonly #readers = new Set<ServerResponse>();

  attach(response: ServerResponse, first: BuilderEvent[]): void {
    response.writeHead(200, { 'content-type': 'application/x-ndjson', 'cache-control': 'no-store' });
    response.flushHeaders();
    for (const event of first) response.write(line(event));
    this.#readers.add(response);
    response.on('close', () => this.#readers.delete(response));
  }

  emit(event: BuilderEvent): void {
    const text = line(event);
    for (const reader of this.#readers) {
      reader.write(text);
      if (reader.writableLength > MAX_BEHIND_BYTES) reader.destroy();
    }
  }
}

const line = (event: BuilderEvent): string => `${JSON.stringify(event)}\n`;
