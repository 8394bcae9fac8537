import { Router } from 'express';
import { VitrineError } from '#shared/errors.ts';
import { replayRequest } from '../proxy/replay-request.ts';
import type { ApiContext } from './context.ts';
import { requestSignal } from './requests.ts';

/** An event stream would go on for ever. */
const REPLAY_DEADLINE_MS = 30_000;

/** `POST /:id/network/:requestId/replay`: sends a kept request of a page once more. */
export function replayRoutes({ environments, port }: Pick<ApiContext, 'environments' | 'port'>): Router {
  const router = Router();
  router.post('/:id/network/:requestId/replay', async (request, response) => {
    const { network, origin } = environments.require(request.params.id);
    const requestId = Number(request.params.requestId);
    const whole = network.whole(requestId);
    if (!whole) throw network.has(requestId) ? notWhole() : notKept();
    const { host } = new URL(origin);
    const signal = requestSignal(request, REPLAY_DEADLINE_MS);
    response.json(await replayRequest(whole, { port, host }, signal));
  });
  return router;
}

const notWhole = () =>
  new VitrineError({
    code: 'REPLAY_INCOMPLETE',
    message: 'This request cannot be sent again as it was: not all of it was kept, or no page sent it.',
    remedy:
      'Requests of pages with a text body up to 64 kB can be. Copy it as cURL and complete it for others.',
    status: 409,
  });

const notKept = () =>
  new VitrineError({
    code: 'REQUEST_UNKNOWN',
    message: 'The request is not kept any more.',
    remedy: 'Only the newest requests are kept; ask for the list again.',
    status: 404,
  });
