import { frameState } from '../frame-state.ts';
import type { LiveSocket } from './live-socket.ts';
import { linkWatch } from './watch-links.ts';
import { watchPerformance } from './watch-performance.ts';
import type { WorkbenchLink } from './workbench-link.ts';

/** Passes on what the shim found out, and tells of the page's links and what the browser measures of it. */
export function tellOfPage(live: LiveSocket, workbench: WorkbenchLink): void {
  const state = frameState();
  const lookForLinks = linkWatch((routes) => live.report({ type: 'links', routes }));
  state.onReport = (entry) => {
    live.report(entry);
    if (entry.type !== 'route') return;
    workbench.route();
    lookForLinks();
  };
  for (const entry of state.reports.splice(0)) live.report(entry);
  lookForLinks();
  watchPerformance((performance) => live.report({ type: 'performance', performance }));
}
