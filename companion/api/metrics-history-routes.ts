import { Router } from 'express';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import type { EventRow } from '../storage/registry.ts';
import type { ApiContext } from './context.ts';

/** A plot shows no more than this many points apart. */
const MOST_POINTS = 2_000;

/** `/api/metrics/history`: starts and failures over time. */
export function metricsHistoryRoutes({ registry }: Pick<ApiContext, 'registry'>): Router {
  const router = Router();
  router.get('/metrics/history', async (_request, response) => {
    response.json(metricsHistory(await registry.events()));
  });
  return router;
}

/** How long starts took and when environments failed, from the registry's events in their order. */
export function metricsHistory(
  events: readonly Pick<EventRow, 'environment_id' | 'at' | 'type'>[],
): MetricsHistory {
  const begun = new Map<string, number>();
  const history: MetricsHistory = { starts: [], failures: [] };
  for (const { environment_id: id, at, type } of events) {
    const since = begun.get(id);
    if (type === 'initializing') begun.set(id, at);
    if (type === 'failed') history.failures.push({ at });
    if (type === 'running' && since !== undefined) history.starts.push({ at, durationMs: at - since });
    // A resume is no start: the next one begins with its own first event.
    if (type === 'running' || type === 'failed' || type === 'stopped') begun.delete(id);
  }
  return { starts: history.starts.slice(-MOST_POINTS), failures: history.failures.slice(-MOST_POINTS) };
}
