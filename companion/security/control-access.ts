import { createHmac } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { VitrineError } from '#shared/errors.ts';
import { WS_TOKEN_PROTOCOL_PREFIX } from '#shared/realtime/channels.ts';
import { readCookie, sessionCookieName } from './cookies.ts';
import { controlOrigins, isExtensionOrigin } from './origins.ts';
import { secretsEqual } from './secrets.ts';

/** Decides who may use the control API: the bearer token, or the workbench's cookie from a known Origin. */
export class ControlAccess {
  readonly #token: string;
  readonly #port: number;

  constructor(token: string, port: number) {
    this.#token = token;
    this.#port = port;
  }

  /** The cookie's value: derived, so that an open workbench goes on after the companion was restarted. */
  get sessionValue(): string {
    return createHmac('sha256', this.#token).update(`session:${this.#port}`).digest('base64url');
  }

  /** Whether a browser's page at this origin may talk to the control API at all (given a token or cookie). */
  isKnownOrigin(origin: string): boolean {
    return controlOrigins(this.#port).includes(origin) || isExtensionOrigin(origin);
  }

  /** Throws ORIGIN_REFUSED or UNAUTHORISED. */
  check(request: IncomingMessage): void {
    const { origin } = request.headers;
    if (origin !== undefined && !this.isKnownOrigin(origin)) throw originRefused(origin);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    if (bearer !== undefined) {
      if (secretsEqual(bearer, this.#token)) return;
      throw unauthorised('The bearer token is not this companion’s.');
    }
    if (this.#hasSession(request) && this.#isOwnPage(request)) return;
    throw unauthorised('The request carries neither the bearer token nor the workbench’s session.');
  }

  /** As {@link check} for a WebSocket handshake, where browsers put the token among the subprotocols. */
  checkUpgrade(request: IncomingMessage): void {
    const offered = request.headers['sec-websocket-protocol']?.split(',').map((name) => name.trim()) ?? [];
    const token = offered
      .find((name) => name.startsWith(WS_TOKEN_PROTOCOL_PREFIX))
      ?.slice(WS_TOKEN_PROTOCOL_PREFIX.length);
    const { origin } = request.headers;
    if (token === undefined) {
      // Attack 3: without a token, a handshake without Origin has nothing to go by.
      if (request.headers.authorization === undefined && origin === undefined)
        throw unauthorised('The handshake has no Origin.');
      return this.check(request);
    }
    if (origin !== undefined && !this.isKnownOrigin(origin)) throw originRefused(origin);
    if (!secretsEqual(token, this.#token)) throw unauthorised('The token is not this companion’s.');
  }

  #hasSession(request: IncomingMessage): boolean {
    return secretsEqual(readCookie(request.headers.cookie, sessionCookieName(this.#port)), this.sessionValue);
  }

  /**
   * A cookie counts only with our own Origin (attacks 1, 8, 14). Browsers leave Origin out of same-origin GETs, where
   * Sec-Fetch-Site tells; a request with neither is denied.
   */
  #isOwnPage({ method, headers }: IncomingMessage): boolean {
    if (headers.origin !== undefined) return controlOrigins(this.#port).includes(headers.origin);
    return (method === 'GET' || method === 'HEAD') && headers['sec-fetch-site'] === 'same-origin';
  }

  /** Whether a navigation (which has no Origin) comes from the person's own workbench, or was typed by hand. */
  allowsNavigation(request: IncomingMessage): boolean {
    const site = request.headers['sec-fetch-site'];
    return this.#hasSession(request) && (site === 'none' || site === 'same-origin');
  }
}

const unauthorised = (message: string) =>
  new VitrineError({
    code: 'UNAUTHORISED',
    message,
    remedy:
      'Programs read the token from companion.json in the state directory; browsers open the link that `vitrine open` prints.',
    status: 401,
  });

const originRefused = (origin: string) =>
  new VitrineError({
    code: 'ORIGIN_REFUSED',
    message: `The origin ${origin.slice(0, 200)} may not use the control API.`,
    remedy: 'Use the workbench or the extension; previews have no right on the control API.',
    status: 403,
  });
