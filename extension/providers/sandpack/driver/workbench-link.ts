import {
  type FrameToWorkbench,
  type WorkbenchToFrame,
  workbenchToFrameSchema,
} from '#shared/frame/messages.ts';
import { currentRoute } from '../shim/watch-routes.ts';
import { travel } from './travel.ts';

const EXTENSION = /^(?:chrome|moz|safari-web)-extension:\/\//;

/** Speaks with the workbench that frames this page, if one does. */
export class WorkbenchLink {
  readonly #frameId: string;
  /** Origin of the workbench that answered. */
  #origin: string | null = null;
  #hasPainted = false;

  constructor(frameId: string) {
    this.#frameId = frameId;
    if (window.parent === window) return;
    addEventListener('message', (event) => {
      if (event.source === window.parent && isWorkbench(event.origin))
        this.#onMessage(event.data, event.origin);
    });
    // Says nothing but that a preview is here, to whoever frames it.
    window.parent.postMessage(
      { type: 'vitrine:hello', frameId: this.#frameId } satisfies FrameToWorkbench,
      '*',
    );
  }

  route(): void {
    const { canGoBack, canGoForward } = travel();
    this.#post({ type: 'vitrine:route', route: currentRoute(), canGoBack, canGoForward });
  }

  painted(): void {
    this.#hasPainted = true;
    this.#post({ type: 'vitrine:painted' });
  }

  #onMessage(data: unknown, origin: string): void {
    const parsed = workbenchToFrameSchema.safeParse(data);
    if (!parsed.success) return;
    if (parsed.data.type === 'vitrine:connect') {
      this.#origin = origin;
      this.route();
      if (this.#hasPainted) this.painted();
    } else obey(parsed.data);
  }

  #post(message: FrameToWorkbench): void {
    if (this.#origin !== null) window.parent.postMessage(message, this.#origin);
  }
}

function obey(message: Exclude<WorkbenchToFrame, { type: 'vitrine:connect' }>): void {
  if (message.type === 'vitrine:go') {
    const target = new URL(message.route, location.origin);
    if (target.origin === location.origin) location.assign(target);
    return;
  }
  const { canGoBack, canGoForward } = travel();
  // Beyond its own entries the history is that of the page around.
  if (message.action === 'back' && canGoBack) history.back();
  if (message.action === 'forward' && canGoForward) history.forward();
  if (message.action === 'reload') location.reload();
}

/** The companion's control origin (same port, the machine itself), or a page of an extension. */
function isWorkbench(origin: string): boolean {
  if (EXTENSION.test(origin)) return true;
  if (!URL.canParse(origin)) return false;
  const { protocol, hostname, port } = new URL(origin);
  const isThisMachine = ['localhost', '127.0.0.1', '[::1]'].includes(hostname);
  return isThisMachine && protocol === location.protocol && port === location.port;
}
