import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import { openNotes, parseNote } from './notes.ts';

const MAX_BODY_BYTES = 16 * 1024;

const port = Number(process.env.PORT ?? 3000);
const host = process.env.HOST ?? '127.0.0.1';
const notes = openNotes(process.env.DATABASE_URL);
const listeners = new Set<ServerResponse>();

function send(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size > MAX_BODY_BYTES) throw new RangeError('The request is too large.');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
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

for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.once(signal, () => {
    server.closeAllConnections();
    server.close(() => notes.close());
  });
}
