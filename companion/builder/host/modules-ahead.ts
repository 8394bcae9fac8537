import type { IncomingHttpHeaders } from 'node:http';
import type { AheadHead } from '../protocol.ts';
import { MAX_KEPT_BYTES } from './kept-answers.ts';

/** Modules that came and that no page has asked for yet. */
const MAX_UNCLAIMED = 250;
/** All of them together, bytes: they have to be there still when they are asked for. */
const MAX_UNCLAIMED_BYTES = MAX_KEPT_BYTES / 2;

/** Made once: each has a stack. */
const OVER = new Error('The page has loaded, or something changed.');

export interface AheadAnswer {
  head: AheadHead;
  body: Buffer;
}

/** What is being loaded. */
export interface Load {
  /** Counts them. */
  number: number;
  /** Of an update, which pages take that run already: they ask for nothing but what has it in its URL. */
  update: string | null;
}

export interface ModulesAheadParts {
  /** Answers modules and what they import with what a page's requests would get, one after the other. */
  load(
    load: Load,
    urls: string[],
    headers: IncomingHttpHeaders,
    signal: AbortSignal,
  ): AsyncIterable<AheadAnswer>;
  keep(answer: AheadAnswer): void;
  /** Whether nothing has to be asked for. */
  isKnown(url: string): boolean;
}

/**
 * Has the builder answer what the modules of a page import while the page loads, or takes an update: one stream brings
 * most of it.
 */
export class ModulesAhead {
  readonly #parts: ModulesAheadParts;
  /** What is going to come, by URL. */
  readonly #expected = new Map<string, PromiseWithResolvers<void>>();
  /** What came, with its size. */
  readonly #unclaimed = new Map<string, number>();
  #unclaimedBytes = 0;
  /** What pages of this load asked for, come or not. */
  readonly #asked = new Set<string>();
  /** Set while there is enough for now. */
  #room: PromiseWithResolvers<void> | null = null;
  /** Null while no page loads. */
  #load: (Load & { over: AbortController }) | null = null;
  #number = 0;

  constructor(parts: ModulesAheadParts) {
    this.#parts = parts;
  }

  /** A page loads, or takes an update. */
  begin(update: string | null = null): void {
    this.end();
    this.#number += 1;
    this.#load = { number: this.#number, update, over: new AbortController() };
  }

  end(): void {
    this.#load?.over.abort(OVER);
    this.#load = null;
    for (const url of this.#expected.keys()) this.#settle(url);
    this.#unclaimed.clear();
    this.#unclaimedBytes = 0;
    this.#asked.clear();
    this.#makeRoom();
  }

  /** A page asks for a module: resolves when it has come, or is not going to. */
  async claim(url: string, headers: IncomingHttpHeaders): Promise<void> {
    if (!this.#load) return;
    this.#asked.add(url);
    this.#unclaimedBytes -= this.#unclaimed.get(url) ?? 0;
    this.#unclaimed.delete(url);
    if (!this.#isFull) this.#makeRoom();
    if (this.#parts.isKnown(url)) return;
    if (!this.#expected.has(url) && this.#load.update === null) this.follow([url], headers);
    // Nothing comes before there is room: then nobody waits.
    if (this.#room === null) await this.#expected.get(url)?.promise;
  }

  /** A page is going to ask for these. */
  follow(urls: string[], headers: IncomingHttpHeaders): void {
    const wanted = urls.filter((url) => !this.#expected.has(url) && !this.#parts.isKnown(url));
    if (this.#load && wanted.length > 0)
      void this.#bring(this.#load, wanted, headers, this.#load.over.signal);
  }

  async #bring(load: Load, urls: string[], headers: IncomingHttpHeaders, signal: AbortSignal): Promise<void> {
    const expected = new Set<string>();
    const expect = (coming: string) => {
      if (this.#expected.has(coming)) return;
      expected.add(coming);
      this.#expected.set(coming, Promise.withResolvers());
    };
    for (const url of urls) expect(url);
    try {
      for await (const answer of this.#parts.load(load, urls, headers, signal)) {
        if (signal.aborted) return;
        const { head, body } = answer;
        for (const imported of head.imports) expect(imported);
        this.#parts.keep(answer);
        if (!this.#asked.has(head.url)) {
          this.#unclaimed.set(head.url, body.length);
          this.#unclaimedBytes += body.length;
        }
        expected.delete(head.url);
        this.#settle(head.url);
        if (this.#isFull) await this.#untilRoom();
      }
    } catch {
      // Whoever asks for one of them asks the builder.
    } finally {
      if (!signal.aborted) for (const missing of expected) this.#settle(missing);
    }
  }

  get #isFull(): boolean {
    return this.#unclaimed.size >= MAX_UNCLAIMED || this.#unclaimedBytes >= MAX_UNCLAIMED_BYTES;
  }

  #untilRoom(): Promise<void> {
    this.#room ??= Promise.withResolvers();
    for (const { resolve } of this.#expected.values()) resolve();
    return this.#room.promise;
  }

  #makeRoom(): void {
    this.#room?.resolve();
    this.#room = null;
  }

  #settle(url: string): void {
    this.#expected.get(url)?.resolve();
    this.#expected.delete(url);
  }
}
