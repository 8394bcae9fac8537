import type { HotPayload, Update } from 'vite';

/** Files changed at once: above this it is a checkout, not an edit. */
export const STORM_FILES = 20;
/** After a storm's last sign, ms, what came of it is told. */
const QUIET_MS = 120;
/** A storm that goes on and on is told in parts, ms. */
const MAX_HOLD_MS = 2_000;

type Send = (payload: HotPayload) => void;

/** Lets Vite's messages to pages pass, except while a checkout goes on: then they are put together into one. */
export class PayloadGate {
  #timer: NodeJS.Timeout | undefined;
  #holdingSince: number | null = null;
  #send: Send | undefined;
  #reload: HotPayload | undefined;
  #updates = new Map<string, Update>();
  #pruned = new Set<string>();

  /** Many files changed together. */
  storm(): void {
    this.#holdingSince ??= performance.now();
    this.#wait();
  }

  pass(payload: HotPayload, send: Send): void {
    if (this.#holdingSince === null || payload.type === 'custom' || payload.type === 'error')
      return send(payload);
    this.#send = send;
    if (payload.type === 'full-reload') this.#reload = { type: 'full-reload', path: '*' };
    if (payload.type === 'update') {
      for (const update of payload.updates)
        this.#updates.set(`${update.path} ${update.acceptedPath}`, update);
    }
    if (payload.type === 'prune') for (const path of payload.paths) this.#pruned.add(path);
    this.#wait();
  }

  close(): void {
    clearTimeout(this.#timer);
  }

  #wait(): void {
    clearTimeout(this.#timer);
    const left = MAX_HOLD_MS - (performance.now() - (this.#holdingSince ?? 0));
    this.#timer = setTimeout(() => this.#release(), Math.max(0, Math.min(QUIET_MS, left)));
  }

  #release(): void {
    const [send, reload, updates, pruned] = [this.#send, this.#reload, this.#updates, this.#pruned];
    this.#holdingSince = null;
    this.#send = undefined;
    this.#reload = undefined;
    this.#updates = new Map();
    this.#pruned = new Set();
    if (!send) return;
    if (reload) return send(reload);
    if (updates.size > 0) send({ type: 'update', updates: [...updates.values()] });
    if (pruned.size > 0) send({ type: 'prune', paths: [...pruned] });
  }
}
