import type { Readable, Writable } from 'node:stream';

/** A server may see a change this much sooner than the companion does, ms. */
const HOLD_MS = 1_000;

/**
 * Sockets and event streams for hot updates of pages that are not to change. What a server says reaches the page a little later (bundling
 * packages on demand needs that), and not at all once a file changed. The page's side stays open then, so that its client
 * does not load the page again to come back.
 */
export class HeldSockets {
  readonly #mutes = new Set<() => void>();

  hold(server: Readable, page: Writable): void {
    const timers = new Set<NodeJS.Timeout>();
    let isMuted = false;
    const later = (act: () => void) => {
      if (isMuted) return;
      const timer = setTimeout(() => {
        timers.delete(timer);
        if (!page.destroyed) act();
      }, HOLD_MS);
      timers.add(timer);
    };
    const mute = () => {
      isMuted = true;
      for (const timer of timers) clearTimeout(timer);
      this.#mutes.delete(mute);
    };
    this.#mutes.add(mute);
    server.on('data', (chunk: Buffer) => later(() => page.write(chunk)));
    server.once('close', () => later(() => page.destroy()));
    page.once('close', mute);
  }

  mute(): void {
    for (const mute of this.#mutes) mute();
  }
}
