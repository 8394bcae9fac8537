import { createServer } from 'node:http';
import type { BuilderEvent, BuilderOptions } from '../protocol.ts';
import { findVite } from './vite/find-vite.ts';
import { ViteBuilder } from './vite/vite-builder.ts';

const options = JSON.parse(process.argv[2] ?? '') as BuilderOptions;
const streams = new Set<(event: BuilderEvent) => void>();
const emit = (event: BuilderEvent) => {
  for (const stream of streams) stream(event);
};
const t0 = performance.now();
const found = findVite(options.root);
const building = (async () => {
  if (found === null) throw new Error('no vite');
  const builder = await ViteBuilder.create(found, options, emit);
  const build = await builder.build();
  console.log(`built in ${(performance.now() - t0).toFixed(0)} ms, ${Object.keys(build.modules).length} modules`);
  return builder;
})();

createServer(async (request, response) => {
  const url = new URL(request.url ?? '/', 'http://builder');
  try {
    const builder = await building;
    if (url.pathname === '/events') {
      response.writeHead(200, { 'content-type': 'application/x-ndjson' });
      const write = (event: BuilderEvent) => void response.write(`${JSON.stringify(event)}\n`);
      write({ type: 'build', build: await builder.build() });
      if (builder.error) write({ type: 'error', error: builder.error });
      streams.add(write);
      response.on('close', () => streams.delete(write));
      return;
    }
    if (url.pathname === '/page') {
      response.setHeader('content-type', 'application/json');
      response.end(JSON.stringify(await builder.page(url.searchParams.get('path') ?? '/')));
      return;
    }
    if (url.pathname.startsWith('/vendor/')) {
      const t = performance.now();
      response.end(await builder.vendor());
      console.log(`vendor in ${(performance.now() - t).toFixed(0)} ms`);
      return;
    }
    if (url.pathname === '/changed') {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(chunk as Buffer);
      builder.changed((JSON.parse(Buffer.concat(chunks).toString()) as { paths: string[] }).paths);
      response.writeHead(204).end();
      return;
    }
    response.writeHead(404).end();
  } catch (error) {
    console.error(error);
    response.writeHead(500).end(String(error));
  }
}).listen(Number(process.env.PORT), '127.0.0.1', () => console.log('listening'));
