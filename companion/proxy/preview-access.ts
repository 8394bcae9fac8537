import type { IncomingMessage, ServerResponse } from 'node:http';
import { RESERVED_PREFIX } from '#shared/identifiers.ts';
import { PREVIEW_COOKIE, previewCookie, readCookie } from '../security/cookies.ts';
import { matchesOrigin } from '../security/origins.ts';
import { secretsEqual } from '../security/secrets.ts';
import type { Tickets } from '../security/tickets.ts';
import { isNavigation } from './pages.ts';

/** Query parameter that carries a one-time ticket. */
export const TICKET_PARAMETER = `${RESERVED_PREFIX.slice(1)}_ticket`;

/** What access is decided by. */
export interface Guarded {
  readonly id: string;
  readonly origin: string;
  readonly record: {
    readonly cookie: string;
    readonly config: { isolation: { preview: { allowed_origins: readonly string[] } } };
  };
}

/** Who may come in on a preview origin. */
export class PreviewAccess {
  readonly #tickets: Tickets;
  readonly #token: string;

  /** `token` is the control API's: scripts may use it as a bearer on a preview origin too. */
  constructor(tickets: Tickets, token: string) {
    this.#tickets = tickets;
    this.#token = token;
  }

  /** A one-time ticket becomes the origin's cookie; the redirect takes it out of the address. */
  swapTicket(environment: Guarded, request: IncomingMessage, response: ServerResponse): boolean {
    if (request.method !== 'GET' || !request.url?.includes(TICKET_PARAMETER)) return false;
    const address = `${environment.origin}${request.url}`;
    const url = URL.canParse(address) ? new URL(address) : null;
    const ticket = url?.searchParams.get(TICKET_PARAMETER);
    if (!url || ticket == null) return false;
    url.searchParams.delete(TICKET_PARAMETER);
    const isGood = this.#tickets.redeem(ticket, environment.id);
    // A used ticket in a reloaded or restored tab: the cookie decides.
    const headers = isGood ? { 'set-cookie': previewCookie(environment.record.cookie) } : {};
    response.writeHead(302, {
      // With two slashes it would lead to another host.
      location: `${url.pathname.replace(/^\/+/, '/')}${url.search}`,
      'cache-control': 'no-store',
      'referrer-policy': 'no-referrer',
      ...headers,
    });
    response.end();
    return true;
  }

  /** Whether pages of the request's origin may talk to this preview: its own, and those the configuration names. */
  allowsOrigin(environment: Guarded, origin: string | undefined): boolean {
    const { allowed_origins: allowed } = environment.record.config.isolation.preview;
    return origin === undefined || origin === environment.origin || matchesOrigin(origin, allowed);
  }

  /** Whether a request may come in. Its origin is looked at before: {@link allowsOrigin}. */
  allows(environment: Guarded, request: IncomingMessage): boolean {
    if (this.#takeToken(request)) return true;
    if (!this.#hasCookie(environment, request)) return false;
    // Attack 8: a cookie alone does not make a change; browsers send Origin with every unsafe request.
    const isSafe = request.method === 'GET' || request.method === 'HEAD';
    if (!isSafe && request.headers.origin === undefined) return false;
    // Another site's page may link to the preview, and do nothing else with it.
    const isForeign =
      request.headers['sec-fetch-site'] === 'cross-site' && request.headers.origin === undefined;
    return !isForeign || isNavigation(request);
  }

  /** As {@link allows} for a WebSocket handshake: the cookie counts only with a known origin (attacks 2, 3). */
  allowsUpgrade(environment: Guarded, request: IncomingMessage): boolean {
    if (this.#takeToken(request)) return true;
    const { origin } = request.headers;
    return (
      origin !== undefined && this.allowsOrigin(environment, origin) && this.#hasCookie(environment, request)
    );
  }

  /** Whether the request carries the token, which then goes no further: it is not the backend's. */
  #takeToken(request: IncomingMessage): boolean {
    const given = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (given === undefined || !secretsEqual(given, this.#token)) return false;
    delete request.headers.authorization;
    return true;
  }

  #hasCookie(environment: Guarded, request: IncomingMessage): boolean {
    return secretsEqual(readCookie(request.headers.cookie, PREVIEW_COOKIE), environment.record.cookie);
  }
}
