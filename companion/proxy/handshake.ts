import { type IncomingMessage, STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ErrorBody } from '#shared/errors.ts';

/** 16 random bytes in base64 (RFC 6455 §4.1). */
const KEY = /^[A-Za-z0-9+/]{22}==$/;

export interface HandshakeFault {
  status: 400 | 405 | 426;
  reason: string;
}

/** What is wrong with a WebSocket handshake (RFC 6455 §4.2.1); null for nothing. */
export function handshakeFault({ method, headers, httpVersion }: IncomingMessage): HandshakeFault | null {
  if (headers.upgrade?.trim().toLowerCase() !== 'websocket')
    return { status: 400, reason: 'Only WebSocket connections are taken over.' };
  if (method !== 'GET') return { status: 405, reason: 'A WebSocket is opened with GET.' };
  if (httpVersion !== '1.1') return { status: 400, reason: 'A WebSocket needs HTTP/1.1.' };
  if (headers['content-length'] !== undefined || headers['transfer-encoding'] !== undefined)
    return { status: 400, reason: 'A WebSocket handshake has no body.' };
  if (!KEY.test(headers['sec-websocket-key']?.trim() ?? ''))
    return { status: 400, reason: 'Sec-WebSocket-Key is missing or not 16 bytes in base64.' };
  if (headers['sec-websocket-version']?.trim() !== '13')
    return { status: 426, reason: 'Only version 13 of the WebSocket protocol is spoken.' };
  return null;
}

/** Answers a handshake with an error and closes. */
export function refuseUpgrade(socket: Duplex, status: number, error: ErrorBody['error']): void {
  const body = JSON.stringify({ error });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}`,
    'connection: close',
    'content-type: application/json; charset=utf-8',
    'cache-control: no-store',
    `content-length: ${Buffer.byteLength(body)}`,
    ...(status === 426 ? ['upgrade: websocket', 'sec-websocket-version: 13'] : []),
    ...(status === 503 ? ['retry-after: 1'] : []),
  ];
  socket.on('error', () => socket.destroy());
  socket.end(`${lines.join('\r\n')}\r\n\r\n${body}`);
  socket.resume(); // what comes after it is nobody's
}
