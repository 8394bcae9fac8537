import { batch, signal } from '@preact/signals';
import { toVitrineError, type VitrineError } from '#shared/errors.ts';
import { frameToWorkbenchSchema, type WorkbenchToFrame } from '#shared/frame/messages.ts';

export interface FrameControllerOptions {
  /** A preview address that is good for one navigation. */
  freshUrl(signal: AbortSignal): Promise<string>;
  /** The environment's origin: the only one that is listened and spoken to. */
  origin(): string;
  /** A page began in the frame: the first one, or one that replaces another. */
  onPage?(): void;
}

/** No page has this name. */
const NO_PAGE = 'none';

/** One document in the frame: a new key makes a new frame. */
export interface FrameDocument {
  key: number;
  src: string;
}

/** The frame of a preview: what it loads, where the app in it is, and how to send it elsewhere. */
export class FrameController {
  readonly document = signal<FrameDocument | undefined>(undefined);
  /** Why no address could be had. */
  readonly failure = signal<VitrineError | undefined>(undefined);
  readonly route = signal('/');
  readonly canGoBack = signal(false);
  readonly canGoForward = signal(false);
  /** Whether the document has loaded as far as the browser can tell. */
  readonly loaded = signal(false);
  /** Whether the app has drawn something. */
  readonly painted = signal(false);
  readonly #options: FrameControllerOptions;
  #element: HTMLIFrameElement | null = null;
  #key = 0;
  /** The app in the frame has said hello and listens. */
  #connected = false;
  #frameId = NO_PAGE;
  /** Where to go as soon as it does. */
  #wantedRoute: string | undefined;
  #abort = new AbortController();

  constructor(options: FrameControllerOptions) {
    this.#options = options;
  }

  /** Loads the app anew, at the route that was shown. Never rejects: see `failure`. */
  async load(): Promise<void> {
    this.#abort.abort();
    const abort = new AbortController();
    this.#abort = abort;
    this.#connected = false;
    batch(() => {
      this.failure.value = undefined;
      this.loaded.value = false;
      this.painted.value = false;
    });
    try {
      const src = urlAtRoute(await this.#options.freshUrl(abort.signal), this.route.peek());
      if (!abort.signal.aborted) this.document.value = { key: ++this.#key, src };
    } catch (thrown) {
      if (!abort.signal.aborted) this.failure.value = toVitrineError(thrown);
    }
  }

  /** Takes the document out of the frame. */
  unload(): void {
    this.#abort.abort();
    this.#connected = false;
    this.document.value = undefined;
  }

  attach(element: HTMLIFrameElement | null): void {
    this.#element = element;
  }

  /** The browser loaded the frame's document; whatever listens in it is told who is around it. */
  onLoad(): void {
    this.loaded.value = true;
    this.#post({ type: 'vitrine:connect' });
  }

  /** A message event of this window. What is not from this frame and this origin is none of ours. */
  onMessage(event: Pick<MessageEvent, 'source' | 'origin' | 'data'>): void {
    if (!this.#element || event.source !== this.#element.contentWindow) return;
    if (event.origin !== this.#options.origin()) return;
    const parsed = frameToWorkbenchSchema.safeParse(event.data);
    if (!parsed.success) return;
    const message = parsed.data;
    if (message.type === 'vitrine:hello') this.#onHello(message.frameId);
    if (message.type === 'vitrine:painted') this.painted.value = true;
    if (message.type !== 'vitrine:route') return;
    batch(() => {
      this.route.value = message.route;
      this.canGoBack.value = message.canGoBack;
      this.canGoForward.value = message.canGoForward;
    });
  }

  /** The name of the page in the frame, as it gave it itself: the companion knows it by the same. */
  get frameId(): string {
    return this.#connected ? this.#frameId : NO_PAGE;
  }

  back(): void {
    this.#post({ type: 'vitrine:navigate', action: 'back' });
  }

  forward(): void {
    this.#post({ type: 'vitrine:navigate', action: 'forward' });
  }

  reload(): void {
    if (this.#connected) this.#post({ type: 'vitrine:navigate', action: 'reload' });
    else void this.load();
  }

  /** Sends the app to a route; one without a leading slash is taken from the root. */
  go(typed: string): void {
    const route = normaliseRoute(typed, this.#options.origin());
    if (this.#connected) this.#post({ type: 'vitrine:go', route });
    else this.#wantedRoute = route;
    this.route.value = route;
  }

  close(): void {
    this.#abort.abort();
    this.#element = null;
  }

  #onHello(frameId: string): void {
    this.#connected = true;
    this.#frameId = frameId;
    this.#options.onPage?.();
    this.#post({ type: 'vitrine:connect' });
    if (this.#wantedRoute !== undefined) this.#post({ type: 'vitrine:go', route: this.#wantedRoute });
    this.#wantedRoute = undefined;
  }

  #post(message: WorkbenchToFrame): void {
    this.#element?.contentWindow?.postMessage(message, this.#options.origin());
  }
}

/** The same address with its ticket, at another route. */
export function urlAtRoute(previewUrl: string, route: string): string {
  const url = new URL(previewUrl);
  const wanted = new URL(normaliseRoute(route, url.origin), url.origin);
  if (wanted.origin !== url.origin) return previewUrl;
  for (const [name, value] of url.searchParams) wanted.searchParams.set(name, value);
  return wanted.href;
}

/** What a person typed, as a route: `cart`, `/cart?x=1#y` or the whole address of the app. */
export function normaliseRoute(typed: string, origin: string): string {
  const trimmed = typed.trim();
  const path = trimmed.startsWith(origin) ? trimmed.slice(origin.length) : trimmed;
  // Never two leading slashes: those would name another host.
  return `/${path.replace(/^[/\\]+/, '')}`;
}
