import type { ConsoleLine } from '#shared/frame/live.ts';
import type { BundlerMessage, Manager } from './bundler.ts';

/** What a page tells the companion about itself. */
export type FrameReport =
  | { type: 'console'; line: ConsoleLine }
  | { type: 'route'; route: string }
  | { type: 'painted'; durationMs: number };

/** What the shim (first script of the page) and the driver (last) share; reachable under a symbol, not a name. */
export interface FrameState {
  /** The build, asked for as soon as the page starts. */
  build: Promise<Response>;
  reports: FrameReport[];
  /** Set by the driver once it can send. */
  onReport?: (report: FrameReport) => void;
  /** The bundler listens. */
  bundlerReady: Promise<void>;
  /** Set by the driver: what the bundler says. */
  onDispatched?: (message: BundlerMessage) => void;
  onManager?: (manager: Manager) => void;
}

const KEY = Symbol.for('vitrine.frame');
/** Reports kept while nobody can take them. */
const MAX_WAITING = 1_000;

type Holder = typeof globalThis & { [KEY]?: FrameState };

export function installState(state: FrameState): void {
  Object.defineProperty(globalThis, KEY, { value: state });
}

export function frameState(): FrameState {
  const state = (globalThis as Holder)[KEY];
  if (state === undefined) throw new Error('The shim of the preview page did not run.');
  return state;
}

export function report(entry: FrameReport): void {
  const state = frameState();
  if (state.onReport) state.onReport(entry);
  else if (state.reports.length < MAX_WAITING) state.reports.push(entry);
}
