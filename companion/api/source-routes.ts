import { Router } from 'express';
import { addBoardSchema, addRepositorySchema } from '#shared/api/attempt.ts';
import { VitrineError } from '#shared/errors.ts';
import { explainProject } from '../detection/explain-project.ts';
import { inspectWorktree } from '../worktrees/git.ts';
import type { ApiContext } from './context.ts';
import { parseBody, requestSignal } from './requests.ts';

const SOURCE_DEADLINE_MS = 15_000;

/** Where attempts come from: `/attempts`, `/repositories`, `/boards`; and `/explain`, what one would be made of. */
export function sourceRoutes({ attempts, environments }: ApiContext): Router {
  const router = Router();

  router.get('/attempts', async (request, response) => {
    response.json(await attempts.list(environments, requestSignal(request, SOURCE_DEADLINE_MS)));
  });

  router.get('/explain', async (request, response) => {
    const { worktree } = request.query;
    if (typeof worktree !== 'string' || worktree === '') throw worktreeMissing();
    const found = await inspectWorktree(worktree, requestSignal(request, SOURCE_DEADLINE_MS));
    response.json(await explainProject(found));
  });

  router.post('/repositories', async (request, response) => {
    const { path } = parseBody(addRepositorySchema, request);
    response
      .status(201)
      .json({ path: await attempts.addRepository(path, requestSignal(request, SOURCE_DEADLINE_MS)) });
    environments.attemptsChanged();
  });
  router.delete('/repositories', async (request, response) => {
    await attempts.remove('repository', parseBody(addRepositorySchema, request).path);
    response.status(204).end();
  });

  router.post('/boards', async (request, response) => {
    const { url } = parseBody(addBoardSchema, request);
    response
      .status(201)
      .json({ url: await attempts.addBoard(url, requestSignal(request, SOURCE_DEADLINE_MS)) });
    environments.attemptsChanged();
  });
  router.delete('/boards', async (request, response) => {
    await attempts.remove('board', parseBody(addBoardSchema, request).url);
    response.status(204).end();
  });

  return router;
}

const worktreeMissing = () =>
  new VitrineError({
    code: 'WORKTREE_MISSING',
    message: 'The worktree parameter is missing.',
    remedy: 'Ask with ?worktree= and the absolute path of one.',
    status: 400,
  });
