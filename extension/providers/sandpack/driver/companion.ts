import type { CompanionToFrame } from '#shared/frame/live.ts';
import { frameState } from '../frame-state.ts';
import { firstPaint } from './first-paint.ts';
import { LiveSocket } from './live-socket.ts';
import { Overlay } from './overlay.ts';
import { reloadStyles } from './static-styles.ts';
import { tellOfPage } from './tell-of-page.ts';
import { WorkbenchLink } from './workbench-link.ts';

// Beside an app that runs by itself: one that Vite serves, a plain site, or none yet.

/** A page that waits may be told again and again while the builder comes and goes. */
const WAITING_PAUSE_MS = 500;

const state = frameState();
const { page, hot } = state;
const frameId = crypto.randomUUID();
const overlay = new Overlay();
const workbench = new WorkbenchLink(frameId);
/** There is no app in this page: it shows why, and loads again when there is one. */
const isWaiting = page.entry === null;
const hasVite = page.mode === 'vite';
/** Number of the last message for Vite's client. */
let received = 0;

const hello = () => ({
  type: 'hello' as const,
  frameId,
  // A plain site is as old as its last load; a page without an app waits for any.
  session: hasVite || page.ownServer ? page.session : isWaiting ? '' : 'static',
  revision: 0,
  vendor: '',
  ...(hasVite && { hot: received }),
});
const live = new LiveSocket({
  hello,
  onMessage,
  onConnected: () => {
    if (document.visibilityState === 'hidden') tellVisible();
    hot.carryWith((payload) => live.send({ type: 'hot', payload }));
  },
});

tellOfPage(live, workbench);
hot.onApplied = (timestamp) => live.send({ type: 'applied', revision: timestamp });
document.addEventListener('visibilitychange', tellVisible);
live.connect();
if (!isWaiting) {
  void firstPaint(Promise.resolve(), loaded()).then((durationMs) => {
    live.report({ type: 'painted', durationMs });
    workbench.painted();
  });
}

function onMessage(message: CompanionToFrame): void {
  switch (message.type) {
    case 'hot':
      if (message.seq <= received) return;
      received = message.seq;
      return hot.receive(message.payload);
    case 'ready':
      return isWaiting ? reload() : undefined;
    case 'reload':
      console.debug(`[vitrine] ${message.reason} The page is loaded again.`);
      return reload();
    case 'custom':
      return message.event === 'vitrine:styles' ? reloadStyles() : undefined;
    case 'error':
      return message.error === null ? overlay.hide() : overlay.show(message.error);
  }
}

/** Resolves when the page has loaded all that it names. */
function loaded(): Promise<void> {
  if (document.readyState === 'complete') return Promise.resolve();
  return new Promise((resolve) => addEventListener('load', () => resolve(), { once: true }));
}

function tellVisible(): void {
  live.send({ type: 'visible', visible: document.visibilityState === 'visible' });
}

function reload(): void {
  setTimeout(() => location.reload(), isWaiting ? WAITING_PAUSE_MS : 0);
}
