import { Agent, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createProxyServer } from 'http-proxy';
import { reportTo } from './messages.ts';

/** http-proxy-3 alone, as its manual has it, with connections kept. */
const proxy = createProxyServer({
  target: `http://127.0.0.1:${process.argv[2]}`,
  agent: new Agent({ keepAlive: true }),
});
const server = createServer((request, response) => proxy.web(request, response));
server.listen(0, '127.0.0.1', () => reportTo((server.address() as AddressInfo).port)); // TCP: never null or text
