import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { init } from 'es-module-lexer';
import { afterEach, describe, expect, it } from 'vitest';
import { readBlocks } from '../../answer-stream.ts';
import { aheadHeadSchema, type LoadRequest } from '../../protocol.ts';
import { importsOf, LoadAhead } from './load-ahead.ts';

describe('what a module imports', () => {
  it('is told as a browser would ask for it: no dynamic imports, no other origins, no bare names', async () => {
    await init;
    const code = `import a from '/a.ts?t=1'; import '../b.css'; export { c } from "./c.js";
import('/lazy.ts'); import 'https://elsewhere.example/d.js'; import '//elsewhere.example/e.js'; import 'bare';`;
    expect(importsOf(code, '/src/main.ts?x')).toEqual(['/a.ts?t=1', '/b.css', '/src/c.js']);
    expect(importsOf('this is } no module', '/a')).toEqual([]);
  });
});

describe('modules ahead of a page', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  /** An app whose modules are told by their URL; each load answers what came, in its order. */
  async function appOf(modules: Record<string, string>) {
    const served: string[] = [];
    const ahead = new LoadAhead((request, response) => {
      const url = request.url ?? '';
      served.push(url);
      if (!(url in modules)) response.writeHead(404);
      response.end(modules[url]);
    });
    const asked: LoadRequest[] = [];
    server = createServer((_request, response) => {
      const next = asked.shift();
      if (next) void ahead.stream(next, response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const load = async (number: number, urls: string[], known: string[] = [], within = '') => {
      asked.push({ load: number, urls, known, within, headers: {} });
      const { body } = await fetch(`http://127.0.0.1:${port}`);
      const came: { url: string; status: number; imports: string[] }[] = [];
      const chunks = async function* () {
        for await (const chunk of body ?? []) yield Buffer.from(chunk as Uint8Array);
      };
      for await (const { head } of readBlocks(chunks())) {
        const { url, status, imports } = aheadHeadSchema.parse(JSON.parse(head.toString('utf8')));
        came.push({ url, status, imports });
      }
      return came;
    };
    return { load, served };
  }

  it('are all that a module imports, each once, cycles included', async () => {
    const { load } = await appOf({
      '/a': "import '/b'; import '/c';",
      '/b': "import '/c';",
      '/c': "import '/a'; import '/d';",
      '/d': '',
    });
    expect(await load(1, ['/a'])).toEqual([
      { url: '/a', status: 200, imports: ['/b', '/c'] },
      { url: '/b', status: 200, imports: [] },
      { url: '/c', status: 200, imports: ['/d'] },
      { url: '/d', status: 200, imports: [] },
    ]);
  });

  it('leave out what is known, and what the same load answered', async () => {
    const { load, served } = await appOf({
      '/a': "import '/b'; import '/c';",
      '/b': '',
      '/c': '',
      '/lazy': "import '/c';",
    });
    expect((await load(1, ['/a'], ['/b'])).map(({ url }) => url)).toEqual(['/a', '/c']);
    expect(await load(1, ['/lazy'])).toEqual([{ url: '/lazy', status: 200, imports: [] }]);
    served.length = 0;
    await load(2, ['/lazy']);
    expect(served).toEqual(['/lazy', '/c']);
  });

  it('are only those of an update where one is given', async () => {
    const { load } = await appOf({ '/a?t=42': "import '/b?t=42'; import '/c';", '/b?t=42': '', '/c': '' });
    expect((await load(1, ['/a?t=42'], [], 't=42')).map(({ url }) => url)).toEqual(['/a?t=42', '/b?t=42']);
  });

  it('say of what is not there that it is not', async () => {
    const { load } = await appOf({ '/a': "import '/gone';" });
    expect((await load(1, ['/a'])).at(-1)).toEqual({ url: '/gone', status: 404, imports: [] });
  });
});
