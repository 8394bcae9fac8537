import { fileURLToPath } from 'node:url';
import express, { type ErrorRequestHandler, type Express } from 'express';
import { z } from 'zod';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import { isNavigation, sendPage } from '../proxy/pages.ts';
import { TICKET_PARAMETER } from '../proxy/preview-origin.ts';
import { sessionCookie } from '../security/cookies.ts';
import { isExtensionOrigin } from '../security/origins.ts';
import { VERSION } from '../version.ts';
import { configRoutes } from './config-routes.ts';
import type { ApiContext } from './context.ts';
import { countInteractions } from './count-interactions.ts';
import { databaseRoutes } from './database-routes.ts';
import { diagnose } from './doctor.ts';
import { environmentRoutes } from './environment-routes.ts';
import { evaluateRoutes } from './evaluate-routes.ts';
import { metricsRoutes } from './metrics-routes.ts';
import { networkRoutes } from './network-routes.ts';
import { replayRoutes } from './replay-routes.ts';
import { parseBody } from './requests.ts';
import { sourceRoutes } from './source-routes.ts';
import { workbenchSourceRoutes } from './workbench-source-routes.ts';

/** What the login ticket is for; environments' tickets are for their ids. */
export const WORKBENCH_SUBJECT = 'workbench';
/** `terminate` also removes every environment's database and files. */
const shutdownSchema = z.strictObject({ terminate: z.boolean().default(false) });
/** Room for a file of MAX_FILE_BYTES with JSON's escapes. */
const MAX_BODY = '12mb';
const WORKBENCH_DIRECTORY = fileURLToPath(new URL('../../.output/workbench', import.meta.url));
const WORKBENCH_CSP =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://localhost:* ws://127.0.0.1:*; frame-src http://*.localhost:*; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

/** Everything on the control origin: REST, login, `/preview/:taskId`, and the served workbench. */
export function createControlApp(context: ApiContext): Express {
  const { access, tickets, environments, port } = context;
  const app = express();
  app.disable('x-powered-by');
  app.disable('etag');
  app.use((_request, response, next) => {
    response.set({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cache-control': 'no-store',
    });
    next();
  });

  app.get('/healthz', (_request, response) => {
    response.json({ ok: true, name: 'vitrine', version: VERSION });
  });

  app.get('/login', (request, response) => {
    const { ticket } = request.query;
    if (typeof ticket === 'string' && tickets.redeem(ticket, WORKBENCH_SUBJECT)) {
      response.set('set-cookie', sessionCookie(port, access.sessionValue));
    } else if (!access.allowsNavigation(request)) {
      return sendPage(request, response, 401, {
        code: 'LOGIN_TICKET_INVALID',
        message: 'This link was used before, or is older than a minute.',
        remedy: 'Run `vitrine open` for a fresh one.',
      });
    }
    response.redirect('/');
  });

  app.get('/preview/:taskId', (request, response) => {
    if (!access.allowsNavigation(request)) access.check(request);
    const environment = environments.findByTask(request.params.taskId);
    if (!environment) throw taskUnknown(request.params.taskId);
    response.redirect(`${environment.origin}/?${TICKET_PARAMETER}=${tickets.issue(environment.id)}`);
  });

  app.get('/metrics', async (request, response) => {
    access.check(request);
    const { prometheus } = context;
    response.set('content-type', prometheus.contentType).send(await prometheus.text());
  });

  app.use('/api', (request, response, next) => {
    const { origin } = request.headers;
    if (origin !== undefined && isExtensionOrigin(origin)) {
      response.set({ 'access-control-allow-origin': origin, vary: 'Origin' });
      if (request.method === 'OPTIONS') {
        response.set({
          'access-control-allow-methods': 'GET, POST, PUT, DELETE',
          'access-control-allow-headers': 'authorization, content-type',
          'access-control-max-age': '600',
        });
        response.status(204).end();
        return;
      }
    }
    access.check(request);
    next();
  });
  app.use('/api', express.json({ limit: MAX_BODY }));
  app.post('/api/login-ticket', (_request, response) => {
    response.json({ url: `http://localhost:${port}/login?ticket=${tickets.issue(WORKBENCH_SUBJECT)}` });
  });
  app.post('/api/shutdown', async (request, response) => {
    const { terminate } = parseBody(shutdownSchema, request);
    if (terminate) await Promise.all(environments.list().map(({ id }) => environments.terminate(id)));
    response.on('finish', context.onShutdown);
    response.status(204).end();
  });
  app.use('/api/environments', countInteractions(context.registry.measurements));
  app.use('/api/environments', environmentRoutes(context));
  app.use('/api/environments', networkRoutes(context));
  app.use('/api/environments', replayRoutes(context));
  app.use('/api/environments', workbenchSourceRoutes(context));
  app.use('/api/environments', evaluateRoutes(context));
  app.use('/api/environments', configRoutes(context));
  app.use('/api/environments/:id/database', databaseRoutes(context));
  app.use('/api', sourceRoutes(context));
  app.use('/api', metricsRoutes(context));
  app.get('/api/doctor', async (_request, response) => {
    response.json(await diagnose(context.engines, context.home));
  });

  app.use((_request, response, next) => {
    response.set('content-security-policy', WORKBENCH_CSP);
    next();
  });
  app.use('/assets', express.static(`${WORKBENCH_DIRECTORY}/assets`, { immutable: true, maxAge: '1y' }));
  app.use(express.static(WORKBENCH_DIRECTORY, { cacheControl: false }));
  app.use((request) => {
    throw notFound(request.method, request.path);
  });
  app.use(answerError);
  return app;
}

const answerError: ErrorRequestHandler = (thrown, request, response, _next) => {
  const error = fromExpress(thrown);
  if (error.status >= 500) console.error(`${request.method} ${request.path}:`, thrown);
  if (isNavigation(request)) return sendPage(request, response, error.status, error.toBody().error);
  if (response.headersSent) return void response.destroy();
  response.status(error.status).json(error.toBody());
};

/** body-parser's own errors carry a status and a type. */
function fromExpress(thrown: unknown): VitrineError {
  const { status, type } = thrown as { status?: unknown; type?: unknown };
  if (thrown instanceof VitrineError || typeof status !== 'number' || typeof type !== 'string')
    return toVitrineError(thrown);
  return new VitrineError({
    code: type === 'entity.too.large' ? 'BODY_TOO_LARGE' : 'BODY_INVALID',
    message: `The request’s body could not be read: ${(thrown as Error).message}.`,
    remedy: `Send JSON of at most ${MAX_BODY}.`,
    status,
    cause: thrown,
  });
}

const taskUnknown = (taskId: string) =>
  new VitrineError({
    code: 'TASK_UNKNOWN',
    message: `The task ${taskId.slice(0, 80)} has no preview.`,
    remedy: 'Start it from the board or the workbench.',
    status: 404,
  });

const notFound = (method: string, path: string) =>
  new VitrineError({
    code: 'NOT_FOUND',
    message: `There is no ${method} ${path.slice(0, 200)}.`,
    remedy: 'The README lists the API.',
    status: 404,
  });
