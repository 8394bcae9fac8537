import { type Request, Router } from 'express';
import { searchQuerySchema, writeSourceSchema } from '#shared/api/source.ts';
import { VitrineError } from '#shared/errors.ts';
import { findBase } from '../worktrees/base-commit.ts';
import { searchSource } from '../worktrees/search-source.ts';
import { readAtCommit, readSource, writeSource } from '../worktrees/source-file.ts';
import { readSourceTree } from '../worktrees/source-tree.ts';
import type { ApiContext } from './context.ts';
import { parseBody, requestSignal } from './requests.ts';

/** git on a large repository takes moments; a hung disk must not keep the caller forever. */
const SOURCE_DEADLINE_MS = 20_000;

/** The editor's side of an environment: `/:id/tree`, `/:id/source`, `/:id/base`, `/:id/search`. */
export function workbenchSourceRoutes({ environments }: Pick<ApiContext, 'environments'>): Router {
  const router = Router();
  const worktreeOf = (request: Request<{ id: string }>) =>
    environments.require(request.params.id).record.worktree;

  router.get('/:id/tree', async (request, response) => {
    response.json(await readSourceTree(worktreeOf(request), requestSignal(request, SOURCE_DEADLINE_MS)));
  });

  router.get('/:id/source', async (request, response) => {
    response.json(await readSource(worktreeOf(request), pathOf(request)));
  });

  router.put('/:id/source', async (request, response) => {
    response.json(await writeSource(worktreeOf(request), parseBody(writeSourceSchema, request)));
  });

  router.get('/:id/base', async (request, response) => {
    const worktree = worktreeOf(request);
    const signal = requestSignal(request, SOURCE_DEADLINE_MS);
    const base = await findBase(worktree, signal);
    response.json(await readAtCommit(worktree, pathOf(request), base?.commit, signal));
  });

  router.get('/:id/search', async (request, response) => {
    const query = searchQuerySchema.safeParse(request.query);
    if (!query.success) throw queryInvalid();
    const { text, regex, matchCase } = query.data;
    const search = { text, isRegex: regex === 'true', matchesCase: matchCase === 'true' };
    response.json(
      await searchSource(worktreeOf(request), search, requestSignal(request, SOURCE_DEADLINE_MS)),
    );
  });

  return router;
}

function pathOf({ query }: Request): string {
  if (typeof query.path === 'string' && query.path !== '' && query.path.length <= 4096) return query.path;
  throw new VitrineError({
    code: 'PATH_INVALID',
    message: 'The path parameter is missing, or was given more than once.',
    remedy: 'Give one path, relative to the worktree.',
    status: 400,
  });
}

const queryInvalid = () =>
  new VitrineError({
    code: 'QUERY_INVALID',
    message: 'The search has no text, or one that is too long.',
    remedy: 'Give a text of 1 to 500 characters.',
    status: 400,
  });
