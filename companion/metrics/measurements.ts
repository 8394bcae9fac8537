import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { RateLimit } from '../builder/host/rate-limit.ts';
import type { MeasurementStore } from '../storage/measurement-store.ts';
import type { Prometheus } from './prometheus.ts';

/** A page may say anything: what claims to have taken longer is not believed, milliseconds. */
const LONGEST_MS = 10 * 60_000;
/** Measurements of all environments that are kept. */
const MAX_PER_SECOND = 20;

/** Listens to what environments tell their channels, and keeps what can be measured in it. */
export class Measurements {
  readonly #store: MeasurementStore;
  readonly #prometheus: Prometheus;
  readonly #limit = new RateLimit(MAX_PER_SECOND);
  /** When the start that is going on began. */
  readonly #begun = new Map<string, number>();

  constructor(store: MeasurementStore, prometheus: Prometheus) {
    this.#store = store;
    this.#prometheus = prometheus;
  }

  take(environmentId: string, { data }: ChannelEvent): void {
    if (data.type === 'hot_update') this.#measured('hot_reload', data.durationMs);
    if (data.type === 'painted') this.#measured('preview_load', data.durationMs);
    if (data.type === 'terminated') this.#begun.delete(environmentId);
    if (data.type === 'event') this.#happened(environmentId, data.event);
  }

  #measured(kind: 'hot_reload' | 'preview_load', durationMs: number): void {
    if (!(durationMs >= 0 && durationMs <= LONGEST_MS) || !this.#limit.take()) return;
    this.#prometheus.observe(kind, durationMs);
    this.#store
      .record(kind, Date.now(), durationMs)
      .catch((error) => console.error('A measurement could not be kept:', error));
  }

  #happened(environmentId: string, { type, at }: { type: string; at: number }): void {
    const since = this.#begun.get(environmentId);
    if (type === 'initializing') this.#begun.set(environmentId, at);
    if (type === 'failed') this.#prometheus.failed();
    if (type === 'running' && since !== undefined) this.#prometheus.observe('start', at - since);
    // A resume is no start.
    if (type === 'running' || type === 'failed' || type === 'stopped') this.#begun.delete(environmentId);
  }
}
