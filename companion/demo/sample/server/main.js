import { createServer } from 'node:http';
import { openNotes, parseNote } from './notes.js';

/** @import { IncomingMessage, ServerResponse } from 'node:http' */

const MAX_BODY_BYTES = 16 * 1024;

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? '127.0.0.1';
const notes = openNotes(process.env.DATABASE_URL);
/** @type {Set<ServerResponse>} */
const listeners = new Set();

/**
 * @param {ServerResponse} response
 * @param {number} status
 * @param {unknown} body
 */
function send(response, status, body) {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

/** @param {IncomingMessage} request */
async function readBody(request) {
  /** @type {Buffer[]} */
  const chunks = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

/**
 * @param {IncomingMessage} request
 * @param {ServerResponse} response
 */
async function answer(request, response) {
  const { pathname } = new URL(request.url ?? '/', 'http://guestbook');
  if (pathname === '/api/health') return send(response, 200, { ok: true });
  if (pathname === '/api/notes' && request.method === 'GET') return send(response, 200, notes.list());
  if (pathname === '/api/notes' && request.method === 'POST') {
    const note = parseNote(await readBody(request));
    if (typeof note === 'string') return send(response, 400, { error: note });
    const stored = notes.add(note);
    console.log(`note from ${note.author}`);
    for (const listener of listeners) listener.write(`data: ${JSON.stringify(stored)}\n\n`);
    return send(response, 201, stored);
  }
  if (pathname === '/api/events' && request.method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': open\n\n');
    listeners.add(response);
    response.once('close', () => listeners.delete(response));
    return;
  }
  send(response, 404, { error: `There is no ${request.method} ${pathname}.` });
}

const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    if (error instanceof RangeError) return send(response, 413, { error: error.message });
    console.error(error);
    if (response.headersSent) response.destroy();
    else send(response, 500, { error: 'The server failed.' });
  });
});

server.listen(port, host, () => console.log(`Guestbook API on http://${host}:${port}`));

for (const signal of ['SIGTERM', 'SIGINT']) {
  process.once(signal, () => {
    server.closeAllConnections();
    server.close(() => notes.close());
  });
}
