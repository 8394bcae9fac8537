import { WebSocket } from 'ws';
import type { CompanionToFrame } from '#shared/frame/live.ts';
import { type HotPayload, readHotPayload } from './hot-payload.ts';

/** A page that went away this long, ms, is not coming back: its link to Vite is closed. */
const GRACE_MS = 60_000;
/** Messages remembered for a page that lost its connection; one that missed more is loaded again. */
const MAX_REMEMBERED = 200;
/** Pages remembered after their link was closed. */
const MAX_AWAY = 200;
/** Messages kept for Vite while there is no builder. */
const MAX_WAITING = 200;
/** Pause before a link that broke is made again while its builder lives, ms. */
const RETRY_MS = 200;
/** A page that is being loaded is told of an error this old, ms: it may be what the page itself asked for. */
const NEW_ERROR_MS = 10_000;
/** Vite's messages that change what a page runs. */
const CHANGES = new Set(['update', 'full-reload', 'prune']);

interface Link {
  /** Number of the last message. */
  seq: number;
  remembered: { seq: number; payload: string }[];
  waiting: string[];
  socket: WebSocket | null;
  /** Resolves when Vite greeted, or will not. */
  opened: Promise<void>;
  send: ((message: CompanionToFrame) => void) | null;
  /** When the page was last connected, ms. */
  seenAt: number;
  timer: NodeJS.Timeout | undefined;
  wasConnected: boolean;
}

export interface HotLinksParts {
  /** Opens a connection to the running builder's Vite; null while there is none. */
  connect(): WebSocket | null;
  /** Pages take changes while they run. */
  hotReload: boolean;
  /** Files that changed since a time, ms; null when that is not known. */
  changedSince(time: number): string[] | null;
  /** Sends what became of these files to the pages once more. */
  repeat(paths: string[]): void;
  /** Vite told pages that what they run changed. */
  onChange(payload: HotPayload): void;
  /** An update is on its way to a page. */
  onUpdate(timestamp: number): void;
}

/**
 * The connections of the pages' Vite clients to Vite. Each outlives what carries it: the page's socket and the
 * builder may come and go, and nothing that was said in between is lost.
 */
export class HotLinks {
  readonly #parts: HotLinksParts;
  readonly #links = new Map<string, Link>();
  /** When pages left whose link was closed, by their id. */
  readonly #away = new Map<string, number>();
  /** What Vite told the pages of last, if that was an error. */
  #error: { payload: string; at: number } | null = null;
  /** Of the update that pages were told of last: each gets it. */
  #updated: number | null = null;
  #closed = false;

  constructor(parts: HotLinksParts) {
    this.#parts = parts;
  }

  /** A page said hello, and got messages up to this one. Answers false when it has to be loaded again. */
  attach(frameId: string, seq: number, send: (message: CompanionToFrame) => void): boolean {
    const known = this.#links.get(frameId);
    const missed = known?.remembered.filter((message) => message.seq > seq) ?? [];
    if (known && known.seq - seq > missed.length) return false;
    const link = known ?? (seq === 0 ? this.#create(frameId, seq) : this.#welcomeBack(frameId, seq));
    if (link === null) return false;
    clearTimeout(link.timer);
    link.send = send;
    for (const { payload, seq: number } of missed) send({ type: 'hot', seq: number, payload });
    return true;
  }

  /** The page's connection ended; the page may be back. */
  detach(frameId: string): void {
    const link = this.#links.get(frameId);
    if (!link) return;
    link.send = null;
    link.seenAt = Date.now();
    clearTimeout(link.timer);
    link.timer = setTimeout(() => this.#drop(frameId), GRACE_MS);
    link.timer.unref();
  }

  /** What a page's client tells Vite. */
  send(frameId: string, payload: string): void {
    const link = this.#links.get(frameId);
    if (!link) return;
    if (link.socket?.readyState === WebSocket.OPEN) link.socket.send(payload);
    else if (link.waiting.length < MAX_WAITING) link.waiting.push(payload);
  }

  /** What was wrong is asked anew: another Vite says what is wrong now. */
  forgetError(): void {
    this.#error = null;
  }

  /** There is a builder that knows what the pages run. Resolves when its Vite can reach them. */
  async connectAll(): Promise<void> {
    for (const link of this.#links.values()) this.#connect(link);
    await Promise.all([...this.#links.values()].map(({ opened }) => opened));
  }

  close(): void {
    this.#closed = true;
    for (const frameId of [...this.#links.keys()]) this.#drop(frameId);
  }

  /** For a page whose link was closed, or was an earlier companion's; null when it has to be loaded again. */
  #welcomeBack(frameId: string, seq: number): Link | null {
    const missed = this.#parts.changedSince(this.#away.get(frameId) ?? 0);
    if (missed === null) return null;
    const link = this.#create(frameId, seq);
    // Without a builder, whoever connects all tells them what changed.
    if (link.socket && missed.length > 0) void link.opened.then(() => this.#parts.repeat(missed));
    return link;
  }

  #create(frameId: string, seq: number): Link {
    const link: Link = {
      seq,
      remembered: [],
      waiting: [],
      socket: null,
      opened: Promise.resolve(),
      send: null,
      seenAt: Date.now(),
      timer: undefined,
      wasConnected: seq > 0,
    };
    this.#links.set(frameId, link);
    this.#connect(link);
    return link;
  }

  #connect(link: Link): void {
    if (this.#closed || link.socket) return;
    const socket = this.#parts.connect();
    link.socket = socket;
    if (!socket) return;
    link.opened = new Promise((resolve) => {
      socket.once('message', () => resolve()).once('close', () => resolve());
    });
    socket.on('error', () => socket.terminate());
    socket.on('open', () => {
      for (const payload of link.waiting.splice(0)) socket.send(payload);
    });
    socket.on('message', (data) => this.#fromVite(link, String(data)));
    socket.on('close', () => {
      if (link.socket !== socket) return;
      link.socket = null;
      // After a restart of Vite alone; a new builder is announced.
      setTimeout(() => this.#connect(link), RETRY_MS).unref();
    });
  }

  #fromVite(link: Link, payload: string): void {
    const read = readHotPayload(payload);
    const { type, timestamp } = read;
    const isTold = timestamp !== null && timestamp === this.#updated;
    if (CHANGES.has(type) && !isTold) this.#parts.onChange(read);
    this.#updated = timestamp ?? this.#updated;
    if (!this.#parts.hotReload && CHANGES.has(type)) return;
    // Its client takes a second greeting for a second connection.
    if (type === 'connected' && link.wasConnected) return;
    if (timestamp !== null) this.#parts.onUpdate(timestamp);
    if (type === 'error') this.#error = { payload, at: Date.now() };
    else if (CHANGES.has(type)) this.#error = null;
    this.#pass(link, payload);
    if (type !== 'connected') return;
    link.wasConnected = true;
    // Vite keeps an error for the first page alone; the one before this may be connected still.
    if (this.#error && Date.now() - this.#error.at < NEW_ERROR_MS) this.#pass(link, this.#error.payload);
  }

  #pass(link: Link, payload: string): void {
    link.seq += 1;
    link.remembered.push({ seq: link.seq, payload });
    if (link.remembered.length > MAX_REMEMBERED) link.remembered.shift();
    link.send?.({ type: 'hot', seq: link.seq, payload });
  }

  #drop(frameId: string): void {
    const link = this.#links.get(frameId);
    if (!link) return;
    this.#links.delete(frameId);
    this.#away.set(frameId, link.send === null ? link.seenAt : Date.now());
    const [longest] = this.#away.keys();
    if (this.#away.size > MAX_AWAY && longest !== undefined) this.#away.delete(longest);
    clearTimeout(link.timer);
    const { socket } = link;
    link.socket = null;
    socket?.terminate();
  }
}
