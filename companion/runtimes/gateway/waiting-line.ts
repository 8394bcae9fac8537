import type { Duplex } from 'node:stream';
import { MAX_OFFERED, MAX_OUTLET_CONNECTIONS } from './protocol.ts';

/** How long something in the pod waits for a connection of the companion. */
const WAIT_DEADLINE_MS = 15_000;

/** Brings together connections that the companion offers and connections from the pod, first come, first served. */
export class WaitingLine {
  readonly #offered: Duplex[] = [];
  readonly #wanting: Duplex[] = [];
  readonly #join: (offered: Duplex, wanting: Duplex) => void;

  constructor(join: (offered: Duplex, wanting: Duplex) => void) {
    this.#join = join;
  }

  /** False when enough are waiting. */
  offer(connection: Duplex): boolean {
    const wanting = this.#wanting.shift();
    if (wanting) {
      this.#join(connection, wanting);
      return true;
    }
    if (this.#offered.length >= MAX_OFFERED) return false;
    this.#offered.push(connection);
    // Only who reads learns that the other side went away. It has nothing to say while it waits.
    const onReadable = () => void (connection.read() !== null && connection.destroy());
    const onEnd = () => connection.destroy();
    const onClose = () => leave(this.#offered, connection);
    connection.on('readable', onReadable).on('end', onEnd).on('close', onClose);
    this.#release.set(connection, () =>
      connection.off('readable', onReadable).off('end', onEnd).off('close', onClose),
    );
    return true;
  }

  want(connection: Duplex): void {
    const offered = this.#offered.shift();
    if (offered) {
      this.#release.get(offered)?.();
      this.#join(offered, connection);
      return;
    }
    if (this.#wanting.length >= MAX_OUTLET_CONNECTIONS) return void connection.destroy();
    this.#wanting.push(connection);
    const deadline = setTimeout(() => {
      if (leave(this.#wanting, connection)) connection.destroy();
    }, WAIT_DEADLINE_MS).unref();
    connection.once('close', () => {
      clearTimeout(deadline);
      leave(this.#wanting, connection);
    });
  }

  readonly #release = new WeakMap<Duplex, () => void>();
}

function leave(line: Duplex[], connection: Duplex): boolean {
  const at = line.indexOf(connection);
  if (at >= 0) line.splice(at, 1);
  return at >= 0;
}
