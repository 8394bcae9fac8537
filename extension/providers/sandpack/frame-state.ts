import type { FrameToCompanion } from '#shared/frame/live.ts';
import type { FramePage } from '#shared/frame/page.ts';
import type { ConsoleValue } from '#shared/realtime/console-value.ts';
import type { BundlerMessage, Manager } from './bundler.ts';

import type { HotBridge } from './shim/hot-bridge.ts';

/** What a page tells about itself; console lines are put together on the way. */
export type FrameReport =
  | { type: 'console'; line: Extract<FrameToCompanion, { type: 'console' }>['lines'][number] }
  | { type: 'request'; request: Extract<FrameToCompanion, { type: 'requests' }>['requests'][number] }
  | Extract<FrameToCompanion, { type: 'route' | 'painted' | 'performance' | 'links' | 'unbuildable' }>;

/** Where what is told goes. */
export interface ReportState {
  reports: FrameReport[];
  onReport?: (report: FrameReport) => void;
}

/** What the shim (first script of the page) and the driver (last) share; reachable under a symbol, not a name. */
export interface FrameState extends ReportState {
  page: FramePage;
  /** The build, asked for as soon as the page starts; null where there is nothing to ask for. */
  build: Promise<Response> | null;
  /** Resolves when the bundler listens. */
  bundlerReady: Promise<void>;
  hot: HotBridge;
  /** What a value is, with the built-ins that the shim found before the app could change them. */
  look(value: unknown): ConsoleValue;
  onDispatched?: (message: BundlerMessage) => void;
  onManager?: (manager: Manager) => void;
}

const KEY = Symbol.for('vitrine.frame');
const REPORTS = Symbol.for('vitrine.reports');
/** Reports kept while nobody can take them. */
const MAX_WAITING = 1_000;

type Holder = typeof globalThis & { [KEY]?: FrameState; [REPORTS]?: ReportState };

export function installState(state: FrameState): void {
  Object.defineProperty(globalThis, KEY, { value: state });
  installReports(state);
}

/** False where there is one already. */
export function installReports(state: ReportState): boolean {
  if (REPORTS in globalThis) return false;
  Object.defineProperty(globalThis, REPORTS, { value: state });
  return true;
}

export function frameState(): FrameState {
  const state = (globalThis as Holder)[KEY];
  if (state === undefined) throw new Error('The shim of the preview page did not run.');
  return state;
}

export function report(entry: FrameReport): void {
  const state = (globalThis as Holder)[REPORTS];
  if (!state) return;
  if (state.onReport) state.onReport(entry);
  else if (state.reports.length < MAX_WAITING) state.reports.push(entry);
}
