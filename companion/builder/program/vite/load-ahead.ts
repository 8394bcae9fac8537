import type { IncomingMessage, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import { init, parse } from 'es-module-lexer';
import { encodeBlock, MAX_ANSWER_BYTES } from '../../answer-stream.ts';
import type { AheadHead, LoadRequest } from '../../protocol.ts';
import { GatheredWriter } from './gathered-writer.ts';
import { askInside } from './inner-request.ts';

/** Modules at a time: a page has six. */
const AT_ONCE = 16;
/** Whoever needs a module that takes longer asks for it anew, ms. */
const DEADLINE_MS = 10_000;
/** A larger module is a package: what it imports is few, and looking for it takes long. Bytes. */
const MAX_PARSED_BYTES = 256 * 1024;

const SOURCE_MAP = '\n//# sourceMappingURL=';

type Serve = (request: IncomingMessage, response: ServerResponse) => void;

/**
 * Answers modules and all that they import before a page asks: a browser finds out module by module, six at a time,
 * and each time there is a way through three processes.
 */
export class LoadAhead {
  readonly #serve: Serve;
  /** What was asked for while the latest page loads. */
  #seen = new Set<string>();
  #load = -1;

  constructor(serve: Serve) {
    this.#serve = serve;
    void init; // compiles meanwhile
  }

  /** Streams the answers as blocks, until there are no more or nobody listens. */
  async stream({ load, urls, known, within = '', headers }: LoadRequest, to: ServerResponse): Promise<void> {
    if (this.#load !== load) this.#seen = new Set(known);
    this.#load = load;
    const seen = this.#seen;
    for (const url of urls) seen.add(url);
    const over = new AbortController();
    to.once('close', () => over.abort());
    await init;
    const done = Promise.withResolvers<void>();
    const blocks = new GatheredWriter(to);
    const waiting = [...urls];
    let underWay = 0;
    const send = async (asked: string): Promise<void> => {
      const { head, body } = await this.#answer(asked, headers, over.signal);
      head.imports = head.imports.filter((imported) => imported.includes(within) && !seen.has(imported));
      for (const imported of head.imports) seen.add(imported);
      waiting.push(...head.imports);
      next();
      if (!over.signal.aborted) await blocks.write(encodeBlock(head, body));
    };
    const next = (): void => {
      while (underWay < AT_ONCE && !over.signal.aborted) {
        const asked = waiting.shift();
        if (asked === undefined) break;
        underWay += 1;
        void send(asked).then(() => {
          underWay -= 1;
          next();
        }, done.reject);
      }
      if (underWay === 0) done.resolve();
    };
    to.writeHead(200, { 'content-type': 'application/octet-stream' });
    next();
    await done.promise;
    blocks.end();
  }

  async #answer(url: string, headers: OutgoingHttpHeaders, signal: AbortSignal) {
    const deadline = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
    try {
      const answer = await askInside(this.#serve, { url, headers, maxBytes: MAX_ANSWER_BYTES }, deadline);
      const { status, body } = answer;
      const imports = importsOf(codeOf(body), url);
      return { head: { url, status, headers: answer.headers, imports } satisfies AheadHead, body };
    } catch {
      // Whoever asks for it is told what is wrong.
      return {
        head: { url, status: 0, headers: {}, imports: [] } satisfies AheadHead,
        body: Buffer.alloc(0),
      };
    }
  }
}

/** The text of a module without its map, which is half of it; of a package nothing. */
function codeOf(body: Buffer): string {
  const end = body.lastIndexOf(SOURCE_MAP);
  const code = end === -1 ? body : body.subarray(0, end);
  return code.length > MAX_PARSED_BYTES ? '' : code.toString('utf8');
}

/** What a module imports in any case, as a browser would ask for it; of this origin only. */
export function importsOf(code: string, url: string): string[] {
  try {
    return parse(code)[0].flatMap(({ n: specifier, d: dynamic }) => {
      if (specifier === undefined || dynamic !== -1 || !/^\.{0,2}\//.test(specifier)) return [];
      const { origin, pathname, search } = new URL(specifier, `http://module${url}`);
      return origin === 'http://module' ? [pathname + search] : [];
    });
  } catch {
    return []; // no JavaScript: the browser says so
  }
}
