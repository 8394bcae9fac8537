import type { IncomingMessage } from 'node:http';
import { adaptSetCookie } from './backend-cookies.ts';
import type { CorsLines } from './cors.ts';
import { connectionOptions, endsHere } from './hop-by-hop.ts';
import { headerOf } from './recording/header-lines.ts';
import { adaptRedirect, isRedirecting } from './redirects.ts';

/** Answers that say nothing about a length (RFC 9110 §8.6). */
const NO_LENGTH = new Set([204, 205]);

export interface AnswerContext {
  /** The preview's origin, to which redirects to the backend's own address lead. */
  origin: string;
  /** The port the backend listens on. */
  port: number;
  /** The port at which the project's frontend is developed: a backend sends browsers back there. */
  frontendPort?: number;
  /** What the answer says of who may read it. */
  cors: CorsLines;
}

/** The header lines a browser gets of a backend's answer, as Node's raw lists are: name, value, name, value. */
export function browserHeaders(
  answer: IncomingMessage,
  { origin, port, frontendPort, cors }: AnswerContext,
): string[] {
  const ports = frontendPort === undefined ? port : [port, frontendPort];
  const { rawHeaders, statusCode = 200 } = answer;
  const options = connectionOptions(headerOf(rawHeaders, 'connection'));
  const lines: string[] = [];
  const names: string[] = [];
  let exposes = false;
  for (let at = 0; at + 1 < rawHeaders.length; at += 2) {
    const [name = '', value = ''] = [rawHeaders[at], rawHeaders[at + 1]];
    const lower = name.toLowerCase();
    if (endsHere(lower, options)) continue;
    if (lower === 'set-cookie') lines.push(name, adaptSetCookie(value));
    else if (isRedirecting(lower)) lines.push(name, adaptRedirect(lower, value, ports, origin));
    else if (lower === 'content-length' && NO_LENGTH.has(statusCode)) continue;
    else if (cors.isForeign && REPLACED_BY_CORS.has(lower)) continue;
    else lines.push(name, value);
    if (lower === 'access-control-expose-headers') exposes = true;
    if (cors.isForeign && lower !== 'set-cookie') names.push(lower);
  }
  lines.push(...cors.lines);
  // With credentials a star is only a name, so what there is is named.
  if (cors.isForeign && !exposes) lines.push('access-control-expose-headers', [...new Set(names)].join(', '));
  return lines;
}

const REPLACED_BY_CORS = new Set(['access-control-allow-origin', 'access-control-allow-credentials']);
