import { signal } from '@preact/signals';
import type { ChannelMessage } from '#shared/realtime/channels.ts';
import type { HotUpdates, PagePerformance } from '#shared/realtime/page-performance.ts';
import { mergeRoutes } from '#shared/realtime/routes.ts';

/** What the preview's pages tell of themselves, beside what they print. */
export class PageFacts {
  readonly performance = signal<PagePerformance | null>(null);
  readonly hotUpdates = signal<HotUpdates | null>(null);
  /** Routes that are known, visited ones first. */
  readonly routes = signal<readonly string[]>([]);

  take(data: ChannelMessage['data']): void {
    if (data.type === 'preview_state') {
      const { performance, hotUpdates, routes } = data.state;
      this.performance.value = performance;
      this.hotUpdates.value = hotUpdates;
      this.routes.value = routes;
    } else if (data.type === 'performance') this.performance.value = data.performance;
    else if (data.type === 'hot_update') this.#updated(data.durationMs);
    else if (data.type === 'route_change') this.routes.value = mergeRoutes([data.route], this.routes.peek());
    else if (data.type === 'links') this.routes.value = mergeRoutes(this.routes.peek(), data.routes);
  }

  #updated(lastMs: number): void {
    const { count = 0, medianMs = lastMs } = this.hotUpdates.peek() ?? {};
    this.hotUpdates.value = { count: count + 1, lastMs, medianMs };
  }
}
