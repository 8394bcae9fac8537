import type { IncomingMessage } from 'node:http';

/** A request has a body when its head says so (RFC 9112 §6.3). */
export const hasBody = ({ headers }: IncomingMessage): boolean =>
  headers['transfer-encoding'] !== undefined || Number(headers['content-length'] ?? 0) > 0;

/** RFC 9110 §9.2.2. */
export const isIdempotent = (method: string | undefined): boolean =>
  ['GET', 'HEAD', 'OPTIONS', 'PUT', 'DELETE'].includes(method ?? '');

/** The other side ended a connection in the middle of things. */
export const isHangUp = (error: NodeJS.ErrnoException): boolean =>
  error.code === 'ECONNRESET' || error.code === 'EPIPE';
