import type { IncomingHttpHeaders, OutgoingHttpHeaders } from 'node:http';
import { adaptSetCookie } from '../../proxy/backend-cookies.ts';
import { connectionOptions, endsHere } from '../../proxy/hop-by-hop.ts';
import { adaptRedirect, isRedirecting } from '../../proxy/redirects.ts';
import { PREVIEW_COOKIE } from '../../security/cookies.ts';
import { mergeCsp } from '../../security/csp.ts';

/** Where the answer comes from and goes to. */
export interface AnswerPlace {
  port: number;
  origin: string;
}

/** What the page's own script and the link to the companion need of a policy of the app's. */
const NEEDS = { 'script-src': ["'self'"], 'connect-src': ["'self'"] };
const FRAMES = /^(?:frame-ancestors|sandbox|report-uri|report-to)$/i;
const POLICIES = new Set(['content-security-policy', 'content-security-policy-report-only']);

/**
 * A dev server's header fields for the browser: its address becomes the preview's, its cookies work in a frame, and
 * what it says about being framed is left to the preview. Everything else stays.
 */
export function answerHead(headers: IncomingHttpHeaders, place: AnswerPlace): OutgoingHttpHeaders {
  const options = connectionOptions(headers.connection);
  const head: OutgoingHttpHeaders = {};
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined || endsHere(name, options) || name === 'x-frame-options') continue;
    if (POLICIES.has(name)) continue; // below, beside the preview's own
    if (name === 'set-cookie') head[name] = headers['set-cookie']?.filter(isNotOurs).map(adaptSetCookie);
    else if (isRedirecting(name)) head[name] = adaptRedirect(name, String(value), place.port, place.origin);
    else head[name] = value;
  }
  return head;
}

/** The preview's policy and the app's, which both hold; the app's without what it says about being framed. */
export function policies(own: string, theirs: string | undefined, webSocketOrigin: string): string[] {
  if (theirs === undefined) return [own];
  const needs = { ...NEEDS, 'connect-src': [...NEEDS['connect-src'], webSocketOrigin] };
  const adapted = theirs.split(',').map((policy) => {
    const rest = policy.split(';').filter((part) => !FRAMES.test(part.trim().split(/\s/, 1)[0] ?? ''));
    return mergeCsp(rest.join(';'), needs, []).replace(/(?:;\s*)?frame-ancestors\s*$/, '');
  });
  return [own, ...adapted.filter((policy) => policy.trim() !== '')];
}

/** The nonce that the app's policy wants scripts to carry. */
export const nonceOf = (policy: string | undefined): string | undefined =>
  /'nonce-([A-Za-z0-9+/_=-]+)'/.exec(policy ?? '')?.[1];

const isNotOurs = (cookie: string): boolean => cookie.split('=', 1)[0]?.trim() !== PREVIEW_COOKIE;
