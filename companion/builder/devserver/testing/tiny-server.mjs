// A dev server without dependencies: streams a page, keeps a cookie, takes a form, and speaks on a WebSocket.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';

if (existsSync('broken')) {
  console.error(`Syntax error in ${readFileSync('broken', 'utf8')}`);
  process.exit(3);
}
const server = createServer((request, response) => {
  const { pathname } = new URL(request.url, 'http://x');
  if (pathname === '/stream') {
    response.writeHead(200, { 'content-type': 'text/html', 'x-frame-options': 'DENY', etag: '"a"' });
    response.write('<!doctype html><html><head><title>T</title></head><body>first');
    server.once('go', () => response.end(' second</body></html>'));
  } else if (pathname === '/go') {
    server.emit('go');
    response.end('ok');
  } else if (pathname === '/echo') {
    const chunks = [];
    request.on('data', (chunk) => chunks.push(chunk));
    request.on('end', () => {
      response.setHeader('set-cookie', ['sid=1; HttpOnly', '__vitrine_preview=stolen']);
      response.end(
        JSON.stringify({ headers: request.headers, body: String(Buffer.concat(chunks)), pid: process.pid }),
      );
    });
  } else if (pathname === '/redirect') {
    response.writeHead(302, { location: `http://127.0.0.1:${server.address().port}/there` }).end();
  } else if (pathname === '/crash') {
    process.exit(1);
  } else if (pathname === '/csp') {
    response.writeHead(200, {
      'content-type': 'text/html',
      'content-security-policy': "script-src 'nonce-abc'; frame-ancestors 'none'",
    });
    response.end('<head></head>');
  } else {
    response.writeHead(404, { 'content-type': 'text/html' }).end('<p>its own page for what is not there</p>');
  }
});
server.on('upgrade', (request, socket) => {
  const guid = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
  const accept = createHash('sha1')
    .update(request.headers['sec-websocket-key'] + guid)
    .digest('base64');
  socket.write(
    `HTTP/1.1 101 Switching Protocols\r\nupgrade: websocket\r\nconnection: upgrade\r\nsec-websocket-accept: ${accept}\r\n\r\n`,
  );
  const text = Buffer.from(`hmr ${request.url} ${request.headers.cookie ?? 'no cookie'}`);
  socket.write(Buffer.concat([Buffer.from([0x81, text.length]), text]));
  socket.on('error', () => socket.destroy());
});
const elsewhere = process.argv[2] === 'elsewhere';
server.listen(elsewhere ? 0 : process.env.PORT, '127.0.0.1', () =>
  console.log(`  Local:   http://localhost:${server.address().port}/`),
);
