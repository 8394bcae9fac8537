import { Router } from 'express';
import {
  type CreatedEnvironment,
  createEnvironmentSchema,
  switchProviderSchema,
} from '#shared/api/environment.ts';
import { writeFileSchema } from '#shared/api/files.ts';
import { feedbackSchema } from '#shared/api/metrics.ts';
import { VitrineError } from '#shared/errors.ts';
import type { Environment } from '../environments/environment.ts';
import { TICKET_PARAMETER } from '../proxy/preview-origin.ts';
import { listFiles, readWorktreeFile, writeWorktreeFile } from '../worktrees/files.ts';
import { streamConsole } from './console-stream.ts';
import type { ApiContext } from './context.ts';
import { parseBody, requestSignal } from './requests.ts';

/** Asking a board and git takes moments; a hung one must not keep the caller forever. */
const CREATE_DEADLINE_MS = 30_000;
const FILES_DEADLINE_MS = 30_000;
const MAX_EVENTS = 500;

/** Specification section 7, and suspend, resume, restart. */
export function environmentRoutes({ environments, engines, registry, tickets }: ApiContext): Router {
  const router = Router();
  const previewUrl = (environment: Environment): string =>
    `${environment.origin}/?${TICKET_PARAMETER}=${tickets.issue(environment.id)}`;
  const detail = (environment: Environment) => ({
    ...environment.view(),
    previewUrl: previewUrl(environment),
  });

  router.get('/', (_request, response) => {
    response.json({ environments: environments.list().map((environment) => environment.view()) });
  });

  router.post('/', async (request, response) => {
    const body = parseBody(createEnvironmentSchema, request);
    // Not bound to this caller: a second one for the same task may be waiting for the same environment.
    const environment = await environments.create(body, AbortSignal.timeout(CREATE_DEADLINE_MS));
    const created: CreatedEnvironment = {
      environmentId: environment.id,
      previewUrl: previewUrl(environment),
      backendUrl: environment.origin,
    };
    response.status(201).json(created);
  });

  router.get('/:id', (request, response) => {
    response.json(detail(environments.require(request.params.id)));
  });

  router.delete('/:id', async (request, response) => {
    await environments.terminate(request.params.id);
    response.status(204).end();
  });

  for (const action of ['suspend', 'resume', 'restart', 'retry'] as const) {
    router.post(`/:id/${action}`, async (request, response) => {
      const environment = environments.require(request.params.id);
      await environment.life[action]();
      response.json(environment.view());
    });
  }

  router.post('/:id/provider', async (request, response) => {
    const environment = environments.require(request.params.id);
    const { provider } = parseBody(switchProviderSchema, request);
    await environment.life.switchProvider(engines.provider(provider), 'chosen by you');
    response.json(environment.view());
  });

  router.post('/:id/feedback', async (request, response) => {
    const environment = environments.require(request.params.id);
    await environment.judge(parseBody(feedbackSchema, request).useful);
    response.json(environment.view());
  });

  router.get('/:id/state', (request, response) => {
    response.json(environments.require(request.params.id).previewState.current);
  });

  router.get('/:id/usage', (request, response) => {
    response.json({ samples: environments.require(request.params.id).usage.samples });
  });

  router.get('/:id/events', async (request, response) => {
    const { id } = environments.require(request.params.id);
    response.json({ events: await registry.eventsOf(id, MAX_EVENTS) });
  });

  router.get('/:id/files', async (request, response) => {
    const { worktree } = environments.require(request.params.id).record;
    const { path } = request.query;
    if (path === undefined)
      response.json(await listFiles(worktree, requestSignal(request, FILES_DEADLINE_MS)));
    else if (typeof path === 'string') response.json(await readWorktreeFile(worktree, path));
    else throw pathMissing();
  });

  router.put('/:id/files', async (request, response) => {
    const { worktree } = environments.require(request.params.id).record;
    const { path, content } = parseBody(writeFileSchema, request);
    await writeWorktreeFile(worktree, path, content);
    response.status(204).end();
  });

  router.get('/:id/console', (request, response) => {
    streamConsole(environments.require(request.params.id), response);
  });

  return router;
}

const pathMissing = () =>
  new VitrineError({
    code: 'PATH_INVALID',
    message: 'The path parameter was given more than once.',
    remedy: 'Give one path, relative to the worktree.',
    status: 400,
  });
