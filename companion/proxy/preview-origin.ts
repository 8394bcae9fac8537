import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { CHROME_EXTENSION_ID } from '#shared/extension/identity.ts';
import { RESERVED_PREFIX } from '#shared/identifiers.ts';
import { SANDPACK_CSP } from '../builder/host/csp.ts';
import type { Environment } from '../environments/environment.ts';
import { PREVIEW_COOKIE, previewCookie, readCookie } from '../security/cookies.ts';
import { mergeCsp } from '../security/csp.ts';
import { matchesOrigin } from '../security/origins.ts';
import { secretsEqual } from '../security/secrets.ts';
import type { Tickets } from '../security/tickets.ts';
import { answerPreflight, setCorsHeaders } from './cors.ts';
import { isNavigation, sendPage } from './pages.ts';

/** How long a request waits for a start before the browser is told to come again. */
const MAX_START_WAIT_MS = 10_000;

/** Query parameter that carries a one-time ticket. */
export const TICKET_PARAMETER = `${RESERVED_PREFIX.slice(1)}_ticket`;

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

  constructor(options: PreviewOriginOptions) {
    this.#options = options;
  }

  async handle(environment: Environment, request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (this.#swapTicket(environment, request, response)) return;
    const { allowed_origins: allowed } = environment.record.config.isolation.preview;
    const origin = request.headers.origin;
    const isOwn = origin === undefined || origin === environment.origin;
    if (!isOwn && !matchesOrigin(origin, allowed)) return refuseOrigin(request, response);
    if (!isOwn && answerPreflight(request, response, origin)) return;
    if (!this.#isAuthorised(environment, request)) return refuseWithoutCookie(request, response);
    if (!isOwn) setCorsHeaders(response, origin);

    environment.touch();
    environment.activity.hold(response);
    if (environment.record.status === 'suspended') await environment.resume();
    if (environment.record.status === 'initializing') {
      await Promise.race([environment.servable, delay(MAX_START_WAIT_MS, undefined, { ref: false })]);
    }
    await this.#route(environment, request, response);
  }

  async #route(environment: Environment, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = pathOf(request);
    const { frontend, backendProxy, plan } = environment;
    const isReserved = path === RESERVED_PREFIX || path.startsWith(`${RESERVED_PREFIX}/`);
    const isBackends =
      !isReserved &&
      backendProxy !== undefined &&
      ((request.method !== 'GET' && request.method !== 'HEAD') ||
        !!plan?.backendPaths.some((prefix) => isBelow(path, prefix)));
    if (isBackends) return backendProxy.forward(request, response);
    if (frontend) {
      response.setHeader('content-security-policy', this.#policy(environment));
      response.setHeader('x-content-type-options', 'nosniff');
      response.setHeader('referrer-policy', 'no-referrer');
      if (await frontend.handle(request, response)) return;
      response.removeHeader('content-security-policy');
    }
    if (!isReserved && backendProxy) return backendProxy.forward(request, response);
    this.#answerWithout(environment, request, response);
  }

  /** Nobody can take the request: the environment starts, failed, or has no such thing. */
  #answerWithout(environment: Environment, request: IncomingMessage, response: ServerResponse): void {
    if (environment.record.status === 'initializing') {
      return sendPage(
        request,
        response,
        503,
        {
          code: 'PREVIEW_STARTING',
          message: 'The preview is starting …',
          remedy: 'This page loads itself again.',
        },
        { refreshSeconds: 1 },
      );
    }
    if (environment.failure) return sendPage(request, response, 502, environment.failure);
    sendPage(request, response, 404, {
      code: 'NOT_FOUND',
      message: `There is nothing at ${pathOf(request).slice(0, 200)}.`,
      remedy: 'Check the address.',
    });
  }

  /** Takes over a WebSocket handshake. */
  async upgrade(
    environment: Environment,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): Promise<void> {
    const { allowed_origins: allowed } = environment.record.config.isolation.preview;
    const origin = request.headers.origin;
    const isKnown = origin === environment.origin || (origin !== undefined && matchesOrigin(origin, allowed));
    const isBearer = this.#hasToken(request);
    if (!(isBearer || (isKnown && this.#hasCookie(environment, request)))) {
      socket.end('HTTP/1.1 403 Forbidden\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
      return;
    }
    environment.touch();
    environment.activity.hold(socket);
    if (environment.record.status === 'suspended') await environment.resume();
    if (environment.frontend?.upgrade(request, socket, head)) return;
    if (environment.backendProxy && !pathOf(request).startsWith(RESERVED_PREFIX)) {
      if (isBearer) delete request.headers.authorization;
      environment.backendProxy.upgrade(request, socket, head);
      return;
    }
    socket.end('HTTP/1.1 404 Not Found\r\nconnection: close\r\ncontent-length: 0\r\n\r\n');
  }

  /** A one-time ticket becomes the origin's cookie; the redirect takes it out of the address. */
  #swapTicket(environment: Environment, request: IncomingMessage, response: ServerResponse): boolean {
    const url = new URL(request.url ?? '/', environment.origin);
    const ticket = url.searchParams.get(TICKET_PARAMETER);
    if (ticket === null || request.method !== 'GET') return false;
    url.searchParams.delete(TICKET_PARAMETER);
    const isGood = this.#options.tickets.redeem(ticket, environment.id);
    // A used ticket in a reloaded or restored tab: the cookie decides.
    const headers = isGood ? { 'set-cookie': previewCookie(environment.record.cookie) } : {};
    response.writeHead(302, {
      location: `${url.pathname}${url.search}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...headers,
    });
    response.end();
    return true;
  }

  #isAuthorised(environment: Environment, request: IncomingMessage): boolean {
    if (this.#hasToken(request)) {
      delete request.headers.authorization; // ours, not the backend's
      return true;
    }
    if (!this.#hasCookie(environment, request)) return false;
    // Attack 8: a cookie alone does not make a change; browsers send Origin with every unsafe request.
    const isSafe = request.method === 'GET' || request.method === 'HEAD';
    if (!isSafe && request.headers.origin === undefined) return false;
    // Another site's page may link to the preview, and do nothing else with it.
    const isForeign =
      request.headers['sec-fetch-site'] === 'cross-site' && request.headers.origin === undefined;
    return !isForeign || isNavigation(request);
  }

  #hasToken(request: IncomingMessage): boolean {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    return given !== undefined && secretsEqual(given, this.#options.token);
  }

  #hasCookie(environment: Environment, request: IncomingMessage): boolean {
    return secretsEqual(readCookie(request.headers.cookie, PREVIEW_COOKIE), environment.record.cookie);
  }

  #policy(environment: Environment): string {
    const ancestors = [
      "'self'",
      `chrome-extension://${CHROME_EXTENSION_ID}`,
      'moz-extension:',
      // The served workbench, and boards on this machine: there the board frames the extension's panel, which frames the preview.
      'http://localhost:*',
      'http://127.0.0.1:*',
      ...this.#options.boardOrigins(),
    ];
    const webSocket = environment.origin.replace(/^http/, 'ws');
    const needs = { ...SANDPACK_CSP, 'connect-src': [...(SANDPACK_CSP['connect-src'] ?? []), webSocket] };
    return mergeCsp(environment.record.config.isolation.security.csp_policy, needs, ancestors);
  }
}

const pathOf = (request: IncomingMessage): string => (request.url ?? '/').split(/[?#]/, 1)[0] ?? '/';

/** `/api` covers `/api` and `/api/x`, not `/apis`. */
const isBelow = (path: string, prefix: string): boolean =>
  path === prefix || path.startsWith(prefix.endsWith('/') ? prefix : `${prefix}/`);

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
