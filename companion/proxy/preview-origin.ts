import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { RESERVED_PREFIX } from '#shared/identifiers.ts';
import { SANDPACK_CSP } from '../builder/host/csp.ts';
import type { Environment } from '../environments/environment.ts';
import { mergeCsp } from '../security/csp.ts';
import type { Tickets } from '../security/tickets.ts';
import type { BackendProxy } from './backend-proxy.ts';
import { answerPreflight, foreignCors, OWN_CORS, setCorsHeaders } from './cors.ts';
import { refuseUpgrade } from './handshake.ts';
import { sendPage } from './pages.ts';
import { PreviewAccess } from './preview-access.ts';
import { recordFrontend } from './record-frontend.ts';

export { TICKET_PARAMETER } from './preview-access.ts';

/** How long a request waits for a start before the browser is told to come again. */
const MAX_START_WAIT_MS = 10_000;

/** What a preview origin needs of its environment. */
export interface PreviewedEnvironment
  extends Pick<
    Environment,
    | 'id'
    | 'origin'
    | 'record'
    | 'frontend'
    | 'backendProxy'
    | 'plan'
    | 'failure'
    | 'network'
    | 'activity'
    | 'touch'
  > {
  readonly life: Pick<Environment['life'], 'servable' | 'restarts' | 'resume'>;
}

export interface PreviewOriginOptions {
  tickets: Tickets;
  /** The control API's token: scripts may use it as a bearer on a preview origin too. */
  token: string;
  port: number;
  /** Origins of the boards the user connected: they frame the workbench that frames the preview. */
  boardOrigins(): readonly string[];
}

/** Answers everything that comes to `http://<environment>.localhost:<port>`. */
export class PreviewOrigin {
  readonly #options: PreviewOriginOptions;
  readonly #access: PreviewAccess;
  /** The latest of each environment: every answer has it. */
  readonly #policies = new WeakMap<PreviewedEnvironment, { madeOf: string; policy: string }>();

  constructor(options: PreviewOriginOptions) {
    this.#options = options;
    this.#access = new PreviewAccess(options.tickets, options.token);
  }

  async handle(
    environment: PreviewedEnvironment,
    request: IncomingMessage,
    response: ServerResponse,
  ): Promise<void> {
    if (!request.url?.startsWith('/')) return refuseTarget(request, response);
    if (request.method === 'TRACE') return refuseTrace(request, response);
    if (this.#access.swapTicket(environment, request, response)) return;
    const { origin } = request.headers;
    const isForeign = origin !== undefined && origin !== environment.origin;
    if (!this.#access.allowsOrigin(environment, origin)) return refuseOrigin(request, response);
    if (isForeign && answerPreflight(request, response, origin)) return;
    if (!this.#access.allows(environment, request)) return refuseWithoutCookie(request, response);

    environment.touch();
    environment.activity.hold(response);
    await this.#answer(environment, request, response, isForeign ? foreignCors(origin) : OWN_CORS);
  }

  /** By what runs; and where that was given up for another start meanwhile, by what comes, if nothing was sent. */
  async #answer(
    environment: PreviewedEnvironment,
    request: IncomingMessage,
    response: ServerResponse,
    cors: typeof OWN_CORS,
  ): Promise<void> {
    const { life } = environment;
    for (;;) {
      await this.#untilServable(environment);
      const { restarts } = life;
      const mayRepeat = () =>
        life.restarts !== restarts && isRead(request) && !response.headersSent && !response.destroyed;
      if (await this.#route(environment, request, response, cors, mayRepeat)) return;
      for (const name of response.getHeaderNames()) response.removeHeader(name);
    }
  }

  /** False where the frontend was given up before it had an answer, and the request `mayRepeat`. */
  async #route(
    environment: PreviewedEnvironment,
    request: IncomingMessage,
    response: ServerResponse,
    cors: typeof OWN_CORS,
    mayRepeat: () => boolean,
  ): Promise<boolean> {
    const path = pathOf(request);
    const { frontend, backendProxy: first, plan } = environment;
    const isOurs = isReserved(path);
    const isBackends =
      !isOurs &&
      first !== undefined &&
      ((!isRead(request) && !frontend?.takesWrites) ||
        !!plan?.backendPaths.some((prefix) => isBelow(path, prefix)));
    const toBackend = async (proxy: BackendProxy) => {
      const path = await backendPath(environment, request);
      proxy.forward(request, response, cors, path, frontend?.pageElement);
      return true;
    };
    if (isBackends) return toBackend(first);
    if (cors.isForeign) setCorsHeaders(response, cors);
    if (frontend) {
      const isAnothers = isOurs ? undefined : recordFrontend(environment.network, request, response);
      response.setHeader('content-security-policy', this.#policy(environment));
      response.setHeader('x-content-type-options', 'nosniff');
      // Pages that ask for the backend's data, and forms, may say where they come from: it is one origin.
      response.setHeader('referrer-policy', 'same-origin');
      const isAnswered = await frontend.handle(request, response).catch((error) => {
        if (!mayRepeat()) throw error;
        return false;
      });
      if (isAnswered) return true;
      const isOver = mayRepeat();
      if (isOver || environment.backendProxy) isAnothers?.();
      if (isOver) return false;
      response.removeHeader('content-security-policy');
    }
    // While the frontend was asked it may have come.
    const { backendProxy } = environment;
    if (!isOurs && backendProxy) {
      for (const name of response.getHeaderNames()) response.removeHeader(name);
      return toBackend(backendProxy);
    }
    answerWithout(environment, request, response);
    return true;
  }

  /** Takes over a WebSocket handshake. */
  async upgrade(
    environment: PreviewedEnvironment,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    if (!this.#access.allowsUpgrade(environment, request)) {
      return refuseUpgrade(socket, 403, {
        code: 'PREVIEW_TICKET_NEEDED',
        message: 'The handshake comes from no page of this preview, or without its cookie.',
        remedy: 'Open the preview with a fresh link; origins of other pages are named in allowed_origins.',
      });
    }
    environment.touch();
    environment.activity.hold(socket);
    await this.#untilServable(environment);
    const path = pathOf(request);
    const { frontend, backendProxy, plan } = environment;
    // A project's own dev server takes every socket but those of the backend's paths.
    const isBackends = !isReserved(path) && !!plan?.backendPaths.some((prefix) => isBelow(path, prefix));
    if (!(isBackends && backendProxy) && frontend?.upgrade(request, socket, head)) return;
    if (backendProxy && !isReserved(path))
      return backendProxy.upgrade(request, socket, head, await backendPath(environment, request));
    refuseUpgrade(socket, 404, nothingAt(request));
  }

  /** Wakes it, and waits for its start, within bounds. */
  async #untilServable(environment: PreviewedEnvironment): Promise<void> {
    if (environment.record.status === 'suspended') await environment.life.resume();
    if (environment.record.status !== 'initializing') return;
    await Promise.race([environment.life.servable, delay(MAX_START_WAIT_MS, undefined, { ref: false })]);
  }

  #policy(environment: PreviewedEnvironment): string {
    const { csp_policy: own } = environment.record.config.isolation.security;
    const madeOf = [own, ...this.#options.boardOrigins()].join('\n');
    const known = this.#policies.get(environment);
    if (known?.madeOf === madeOf) return known.policy;
    const policy = this.#makePolicy(environment, own);
    this.#policies.set(environment, { madeOf, policy });
    return policy;
  }

  #makePolicy({ origin }: PreviewedEnvironment, own: string): string {
    const ancestors = [
      "'self'",
      `chrome-extension://${CHROME_EXTENSION_ID}`,
      'moz-extension:',
      // The served workbench, and boards on this machine: there the board frames the extension's panel, which frames the preview.
      'http://localhost:*',
      'http://127.0.0.1:*',
      ...this.#options.boardOrigins(),
    ];
    const webSocket = origin.replace(/^http/, 'ws');
    const needs = { ...SANDPACK_CSP, 'connect-src': [...(SANDPACK_CSP['connect-src'] ?? []), webSocket] };
    return mergeCsp(own, needs, ancestors);
  }
}

/** As the project's own dev server would hand it on. What cannot be told now is asked for as it came. */
async function backendPath(
  { frontend }: PreviewedEnvironment,
  request: IncomingMessage,
): Promise<string | undefined> {
  if (!frontend?.backendPath || request.url === undefined) return request.url;
  return frontend.backendPath(request.url).catch(() => request.url);
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';

const isRead = ({ method }: IncomingMessage): boolean => method === 'GET' || method === 'HEAD';

const isReserved = (path: string): boolean => isBelow(path, RESERVED_PREFIX);

/** `/api` covers `/api` and `/api/x`, not `/apis`. */
const isBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

/** Nobody can take the request: the environment starts, failed, or has no such thing. */
function answerWithout(
  environment: PreviewedEnvironment,
  request: IncomingMessage,
  response: ServerResponse,
): void {
  if (environment.record.status === 'initializing')
    return sendPage(request, response, 503, STARTING, { refreshSeconds: 1 });
  if (environment.failure) return sendPage(request, response, 502, environment.failure);
  sendPage(request, response, 404, nothingAt(request));
}

const STARTING = {
  code: 'PREVIEW_STARTING',
  message: 'The preview is starting …',
  remedy: 'This page loads itself again.',
};

const nothingAt = (request: IncomingMessage) => ({
  code: 'NOT_FOUND',
  message: `There is nothing at ${pathOf(request).slice(0, 200)}.`,
  remedy: 'Check the address.',
});

/** Absolute addresses are for proxies (RFC 9112 §3.2); what follows would take them for paths. */
function refuseTarget(request: IncomingMessage, response: ServerResponse): void {
  sendPage(request, response, 400, {
    code: 'TARGET_INVALID',
    message: 'The request names no path.',
    remedy: 'A preview is no proxy: ask for paths that begin with a slash.',
  });
}

/** It would show a page's script the cookies that are hidden from it (RFC 9110 §9.3.8). */
function refuseTrace(request: IncomingMessage, response: ServerResponse): void {
  response.setHeader('allow', 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS');
  sendPage(request, response, 405, {
    code: 'METHOD_REFUSED',
    message: 'TRACE is not answered.',
    remedy: 'Look at the request in the workbench’s network view.',
  });
}

function refuseOrigin(request: IncomingMessage, response: ServerResponse): void {
  sendPage(request, response, 403, {
    code: 'ORIGIN_REFUSED',
    message: `The origin ${String(request.headers.origin).slice(0, 200)} may not use this preview.`,
    remedy: 'Add it to isolation.preview.allowed_origins in .vibe-kanban/environment.yaml if it should.',
  });
}

function refuseWithoutCookie(request: IncomingMessage, response: ServerResponse): void {
  sendPage(request, response, 401, {
    code: 'PREVIEW_TICKET_NEEDED',
    message: 'This preview was not opened with a valid link, or the link was used before.',
    remedy: 'Open it from the workbench, or ask `vitrine preview` for a fresh link.',
  });
}
