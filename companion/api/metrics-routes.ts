import { Router } from 'express';
import type { ApiContext } from './context.ts';
import { computeMetrics } from './metrics.ts';
import { metricsHistory } from './metrics-history.ts';

/** `/api/metrics`: figures of now, and those of which they are made over time. */
export function metricsRoutes({ registry, environments }: ApiContext): Router {
  const router = Router();
  const { measurements } = registry;

  router.get('/metrics', async (_request, response) => {
    const [events, loads, hotReloads, verdicts, interactions] = await Promise.all([
      registry.events(),
      measurements.measured('preview_load'),
      measurements.measured('hot_reload'),
      measurements.verdicts(),
      measurements.interactions(),
    ]);
    const measured = { events, loads, hotReloads, verdicts, interactions };
    response.json(computeMetrics(measured, environments.list(), Date.now()));
  });

  router.get('/metrics/history', async (_request, response) => {
    const [events, loads, hotReloads, verdicts] = await Promise.all([
      registry.events(),
      measurements.measured('preview_load'),
      measurements.measured('hot_reload'),
      measurements.verdicts(),
    ]);
    response.json(metricsHistory({ events, loads, hotReloads, verdicts }));
  });

  return router;
}
