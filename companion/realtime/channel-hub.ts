import type { ChannelEvent, ChannelMessage } from '#shared/realtime/channels.ts';

/** What a subscriber that was away may catch up on: messages and bytes kept per environment. */
const MAX_KEPT_MESSAGES = 6_000;
const MAX_KEPT_BYTES = 4 * 1024 * 1024;

export interface Subscriber {
  /** One message, already serialised once for all subscribers. */
  send(serialised: string, message: ChannelMessage): void;
}

/** Numbers, keeps and hands out the messages of one environment's four channels. */
export class ChannelHub {
  readonly #onPublish: (event: ChannelEvent) => void;
  readonly #subscribers = new Set<Subscriber>();
  readonly #kept: { seq: number; serialised: string; message: ChannelMessage }[] = [];
  #keptBytes = 0;
  /** Starts from the clock, so that numbers still rise after the companion was restarted. */
  #seq = Date.now() * 1_000;

  /** `onPublish` is told of everything, and does not count as somebody who looks. */
  constructor(onPublish: (event: ChannelEvent) => void = () => undefined) {
    this.#onPublish = onPublish;
  }

  publish(event: ChannelEvent): void {
    this.#onPublish(event);
    this.#seq += 1;
    const message: ChannelMessage = { ...event, seq: this.#seq };
    const serialised = JSON.stringify(message);
    this.#kept.push({ seq: this.#seq, serialised, message });
    this.#keptBytes += serialised.length;
    while (this.#kept.length > MAX_KEPT_MESSAGES || this.#keptBytes > MAX_KEPT_BYTES) {
      this.#keptBytes -= this.#kept.shift()?.serialised.length ?? 0;
    }
    for (const subscriber of this.#subscribers) subscriber.send(serialised, message);
  }

  /**
   * Adds a subscriber. With `since` it first gets what it missed; if part of that is no longer kept it gets a
   * `reset` and then what a newcomer gets: the log, and of the rest nothing, because old states would mislead it.
   * Returns the way to unsubscribe.
   */
  subscribe(subscriber: Subscriber, since?: number): () => void {
    const oldest = this.#kept[0]?.seq ?? this.#seq + 1;
    const hasGap = since !== undefined && (since > this.#seq || since < oldest - 1);
    if (hasGap) this.#sendReset(subscriber);
    const isNew = since === undefined || hasGap;
    for (const { seq, serialised, message } of this.#kept) {
      if (isNew ? message.channel === 'logs' : seq > since) subscriber.send(serialised, message);
    }
    this.#subscribers.add(subscriber);
    return () => this.#subscribers.delete(subscriber);
  }

  get subscriberCount(): number {
    return this.#subscribers.size;
  }

  #sendReset(subscriber: Subscriber): void {
    const message: ChannelMessage = {
      channel: 'state',
      seq: (this.#kept[0]?.seq ?? this.#seq + 1) - 1,
      data: { type: 'reset' },
    };
    subscriber.send(JSON.stringify(message), message);
  }
}
