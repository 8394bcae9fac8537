import type { PreviewState } from '#shared/api/preview-state.ts';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { mergeRoutes } from '#shared/realtime/routes.ts';
import { percentile } from '../metrics/percentiles.ts';

/** The median is that of so many updates. */
const MEASURED_UPDATES = 50;

/** What the pages of a preview told last, for whoever asks or begins to listen. */
export class PreviewStateKeeper {
  #route: string | null = null;
  #visited: string[] = [];
  #linked: string[] = [];
  #performance: PreviewState['performance'] = null;
  #updates: number[] = [];
  #updateCount = 0;
  #buildError: PreviewState['buildError'] = null;

  take({ data }: ChannelEvent): void {
    if (data.type === 'route_change') {
      this.#route = data.route;
      this.#visited = mergeRoutes([data.route], this.#visited);
    }
    if (data.type === 'links') this.#linked = mergeRoutes(data.routes, this.#linked);
    if (data.type === 'performance') this.#performance = data.performance;
    if (data.type === 'build_error') this.#buildError = data.error;
    if (data.type === 'hot_update') {
      this.#updateCount += 1;
      this.#updates = [...this.#updates, data.durationMs].slice(-MEASURED_UPDATES);
    }
  }

  get current(): PreviewState {
    const lastMs = this.#updates.at(-1);
    return {
      currentRoute: this.#route,
      routes: mergeRoutes(this.#visited, this.#linked),
      performance: this.#performance,
      hotUpdates:
        lastMs === undefined
          ? null
          : { count: this.#updateCount, lastMs, medianMs: percentile(this.#updates, 0.5) ?? lastMs },
      buildError: this.#buildError,
    };
  }
}
