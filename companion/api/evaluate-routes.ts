import { Router } from 'express';
import { evaluateSchema } from '#shared/api/evaluate.ts';
import { VitrineError } from '#shared/errors.ts';
import type { ApiContext } from './context.ts';
import { parseBody, requestSignal } from './requests.ts';

/** A page that works longer on its answer is given up. */
const EVALUATE_DEADLINE_MS = 10_000;

/** `POST /:id/evaluate`: the console's input line. It runs in the page that is named, with that page's rights. */
export function evaluateRoutes({ environments }: Pick<ApiContext, 'environments'>): Router {
  const router = Router();
  router.post('/:id/evaluate', async (request, response) => {
    const environment = environments.require(request.params.id);
    const { frameId, source } = parseBody(evaluateSchema, request);
    const { frontend } = environment;
    if (!frontend) throw notRunning();
    environment.touch();
    response.json(await frontend.evaluate(frameId, source, requestSignal(request, EVALUATE_DEADLINE_MS)));
  });
  return router;
}

const notRunning = () =>
  new VitrineError({
    code: 'PREVIEW_NOT_RUNNING',
    message: 'The preview does not run, so there is no page to evaluate in.',
    remedy: 'Start or resume it first.',
    status: 409,
  });
