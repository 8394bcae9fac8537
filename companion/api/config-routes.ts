import { Router } from 'express';
import { draftConfigSchema, writeConfigSchema } from '#shared/api/config.ts';
import { draftConfigFile, readConfigFile, writeConfigFile } from '../config/config-file.ts';
import type { ApiContext } from './context.ts';
import { parseBody } from './requests.ts';

/** `/:id/config`: the worktree's environment.yaml, changed key by key; what would be written is shown first. */
export function configRoutes({ environments }: Pick<ApiContext, 'environments'>): Router {
  const router = Router();

  router.get('/:id/config', async (request, response) => {
    response.json(await readConfigFile(environments.require(request.params.id).record.worktree));
  });

  router.post('/:id/config/draft', async (request, response) => {
    const { worktree } = environments.require(request.params.id).record;
    const { edits } = parseBody(draftConfigSchema, request);
    response.json(await draftConfigFile(worktree, edits));
  });

  router.put('/:id/config', async (request, response) => {
    const { record, setup } = environments.require(request.params.id);
    const { worktree } = record;
    await setup.useConfig(await writeConfigFile(worktree, parseBody(writeConfigSchema, request)));
    response.json(await readConfigFile(worktree));
  });

  return router;
}
