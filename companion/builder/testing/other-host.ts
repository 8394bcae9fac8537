import { once } from 'node:events';
import { createServer } from 'node:http';
import { WebSocketServer } from 'ws';

const PICTURE = Buffer.from('R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7', 'base64');

/** A host that is not the preview's: another port of this machine. */
export async function startOtherHost() {
  const server = createServer((request, response) => {
    const { pathname } = new URL(request.url ?? '/', 'http://localhost');
    response.setHeader('access-control-allow-origin', request.headers.origin ?? '*');
    response.setHeader('access-control-allow-credentials', 'true');
    response.setHeader('access-control-allow-methods', 'PUT, POST, GET');
    request.resume();
    if (pathname.startsWith('/missing')) return response.writeHead(404).end();
    if (pathname === '/hanging') return;
    if (pathname === '/events') {
      response.writeHead(200, { 'content-type': 'text/event-stream' });
      return response.write('data: 1\n\n');
    }
    if (pathname.endsWith('.gif'))
      return response.writeHead(200, { 'content-type': 'image/gif' }).end(PICTURE);
    if (pathname.endsWith('.css'))
      return response.writeHead(200, { 'content-type': 'text/css' }).end('h1 { color: rgb(9, 8, 7); }');
    response.writeHead(200, { 'content-type': 'application/json' }).end('{"ok":true}');
  });
  const sockets = new WebSocketServer({ server });
  sockets.on('connection', (socket) => socket.send('hello'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  const port = typeof address === 'object' ? address?.port : undefined;
  return {
    host: `127.0.0.1:${port}`,
    async stop() {
      for (const socket of sockets.clients) socket.terminate();
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}
