import { pipeline } from 'node:stream/promises';
import { type Response, Router } from 'express';
import { z } from 'zod';
import type { EgressState } from '#shared/api/environment.ts';
import { allowHostSchema, networkQuerySchema } from '#shared/api/network.ts';
import { VitrineError } from '#shared/errors.ts';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import type { NetworkLog } from '../proxy/network-log.ts';
import { HAR_END, harBegin, harEntry } from '../proxy/recording/har.ts';
import { VERSION } from '../version.ts';
import { parseBody } from './requests.ts';

/** What these routes need of an environment. */
export interface NetworkEnvironment {
  readonly id: string;
  readonly origin: string;
  readonly network: NetworkLog;
  readonly hub: { publish(event: ChannelEvent): void };
  readonly egress: { allow(host: string): Promise<void>; disallow(host: string): Promise<void> };
  view(): { egress: EgressState };
}

export interface NetworkContext {
  environments: {
    /** Throws ENVIRONMENT_UNKNOWN. */
    require(id: string): NetworkEnvironment;
  };
}

const idsSchema = z
  .string()
  .max(20_000)
  .regex(/^\d+(,\d+)*$/)
  .transform((text) => text.split(',').map(Number));
const harQuerySchema = z.object({ ids: idsSchema.optional() });

/** The network monitor of an environment and its way out: `/:id/network`, `/:id/network.har`, `/:id/egress`. */
export function networkRoutes({ environments }: NetworkContext): Router {
  const router = Router();

  router.get('/:id/network', (request, response) => {
    const { network } = environments.require(request.params.id);
    response.json(network.list(parseQuery(networkQuerySchema, request.query)));
  });

  router.delete('/:id/network', (request, response) => {
    const { network, hub } = environments.require(request.params.id);
    const before = network.clear();
    hub.publish({ channel: 'logs', data: { type: 'network_cleared', before } });
    response.status(204).end();
  });

  router.get('/:id/network.har', async (request, response) => {
    const environment = environments.require(request.params.id);
    const { ids } = parseQuery(harQuerySchema, request.query);
    await sendHar(environment, ids ?? environment.network.ids(), response);
  });

  router.get('/:id/network/:requestId', async (request, response) => {
    const { network } = environments.require(request.params.id);
    const detail = await network.detail(Number(request.params.requestId));
    if (!detail) throw requestUnknown(request.params.requestId);
    response.json(detail);
  });

  for (const method of ['post', 'delete'] as const) {
    router[method]('/:id/egress', async (request, response) => {
      const environment = environments.require(request.params.id);
      const { host } = parseBody(allowHostSchema, request);
      if (method === 'post') await environment.egress.allow(host.toLowerCase());
      else await environment.egress.disallow(host.toLowerCase());
      response.json(environment.view().egress);
    });
  }

  return router;
}

async function sendHar(environment: NetworkEnvironment, ids: number[], response: Response): Promise<void> {
  response.set({
    'content-type': 'application/json; charset=utf-8',
    'content-disposition': `attachment; filename="${environment.id}.har"`,
  });
  await pipeline(harText(environment, ids), response).catch((error: NodeJS.ErrnoException) => {
    // Whoever asked went away.
    if (error.code !== 'ERR_STREAM_PREMATURE_CLOSE') throw error;
  });
}

/** Entry by entry: the texts of a full log are some megabytes. */
async function* harText({ origin, network }: NetworkEnvironment, ids: number[]): AsyncGenerator<string> {
  const source = { origin, version: VERSION };
  yield harBegin(source);
  let separator = '';
  for (const id of ids) {
    const detail = await network.detail(id);
    if (!detail) continue; // forgotten meanwhile
    yield separator + JSON.stringify(harEntry(detail, source));
    separator = ',\n';
  }
  yield HAR_END;
}

/** Parses a query. Throws QUERY_INVALID naming each parameter. */
function parseQuery<S extends z.ZodType>(schema: S, query: unknown): z.infer<S> {
  const result = schema.safeParse(query);
  if (result.success) return result.data;
  const faults = result.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
  throw new VitrineError({
    code: 'QUERY_INVALID',
    message: `The query is not valid: ${faults.slice(0, 5).join('; ')}.`,
    remedy: 'The README’s API section lists the parameters.',
    status: 400,
  });
}

const requestUnknown = (id: string) =>
  new VitrineError({
    code: 'REQUEST_UNKNOWN',
    message: `The request ${id.slice(0, 40)} is not kept, or not any more.`,
    remedy: 'Only the newest requests are kept; ask for the list again.',
    status: 404,
  });
