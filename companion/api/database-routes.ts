import { Router } from 'express';
import { type SnapshotList, snapshotRequestSchema } from '#shared/api/database.ts';
import type { ApiContext } from './context.ts';
import { parseBody } from './requests.ts';

/** `/api/environments/:id/database`: an attempt's data put back, kept, and put back to what was kept. */
export function databaseRoutes({ environments }: ApiContext): Router {
  const router = Router({ mergeParams: true });

  router.get<{ id: string }>('/snapshots', async (request, response) => {
    const { database } = environments.require(request.params.id);
    const list: SnapshotList = { snapshots: await database.snapshots() };
    response.json(list);
  });

  router.post<{ id: string }>('/snapshots', async (request, response) => {
    const { name } = parseBody(snapshotRequestSchema, request);
    await environments
      .require(request.params.id)
      .database.change(`snapshot ${name}`, (provider, spec, signal) => provider.snapshot(spec, name, signal));
    response.status(204).end();
  });

  router.delete<{ id: string; name: string }>('/snapshots/:name', async (request, response) => {
    await environments.require(request.params.id).database.forget(request.params.name);
    response.status(204).end();
  });

  router.post<{ id: string }>('/restore', async (request, response) => {
    const { name } = parseBody(snapshotRequestSchema, request);
    await environments
      .require(request.params.id)
      .database.change(`restore ${name}`, (provider, spec, signal) => provider.restore(spec, name, signal));
    response.status(204).end();
  });

  router.post<{ id: string }>('/reset', async (request, response) => {
    await environments
      .require(request.params.id)
      .database.change('reset', (provider, spec, signal) => provider.reset(spec, signal));
    response.status(204).end();
  });

  return router;
}
