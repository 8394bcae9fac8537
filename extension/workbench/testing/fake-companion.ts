import { readFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { type WebSocket, WebSocketServer } from 'ws';
import { type AttemptList, addBoardSchema, addRepositorySchema } from '#shared/api/attempt.ts';
import { createEnvironmentSchema, type Environment } from '#shared/api/environment.ts';
import { type Evaluate, type Evaluation, evaluateSchema } from '#shared/api/evaluate.ts';
import { feedbackSchema } from '#shared/api/metrics.ts';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import { allowHostSchema, type NetworkRequest } from '#shared/api/network.ts';
import type { UsageSample } from '#shared/api/usage.ts';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import type { ChannelEvent, ChannelMessage } from '#shared/realtime/channels.ts';
import { WS_PROTOCOL, WS_TOKEN_PROTOCOL_PREFIX } from '#shared/realtime/channels.ts';
import { FakeConfig } from './fake-config.ts';
import { fakePreviewPage } from './fake-preview-page.ts';
import { FakeSources } from './fake-sources.ts';
import { makeEnvironment, noHistory, sampleMetrics, stepsAt } from './sample-data.ts';
import { makeDetail } from './sample-network.ts';
import { sampleEvaluation } from './sample-values.ts';

export interface FakeCompanionOptions {
  port?: number;
  /** Required as bearer token and subprotocol where given; without one everybody is let in. */
  token?: string;
  /** A built workbench, served at `/` with the companion's content security policy. */
  workbenchDirectory?: string;
  /** How many messages each channel keeps for those who resume. */
  replayLength?: number;
}

interface Stream {
  seq: number;
  replay: ChannelMessage[];
  sockets: Set<WebSocket>;
}

/**
 * A stand-in for the companion, for tests and for looking at the workbench: the contract's REST and WebSockets over
 * data the test sets, and pages that pretend to be apps. It runs nothing and checks no more than the token.
 */
export class FakeCompanion {
  readonly baseUrl: string;
  readonly environments = new Map<string, Environment>();
  history: MetricsHistory = noHistory();
  /** What environments use, where that is measured. */
  readonly usage = new Map<string, UsageSample[]>();
  /** The files of every worktree. */
  sources = new FakeSources();
  /** Requests that are kept, by environment; see `request()`. */
  readonly network = new Map<string, NetworkRequest[]>();
  attempts: AttemptList = { attempts: [], sources: [] };
  /** Called for each request to the API; throw a VitrineError to fail it, return a promise to delay it. */
  intercept: (method: string, path: string) => void | Promise<void> = () => {};
  /** The environment.yaml of every worktree. */
  config = new FakeConfig();
  /** What evaluating comes to. */
  evaluate: (request: Evaluate) => Evaluation = () => sampleEvaluation();
  /** `METHOD /path body` of each API request, in order. */
  readonly requests: string[] = [];
  readonly #options: FakeCompanionOptions;
  readonly #server;
  readonly #sockets = new WebSocketServer({ noServer: true, handleProtocols: () => WS_PROTOCOL });
  readonly #streams = new Map<string, Stream>();
  readonly #listSockets = new Set<WebSocket>();
  /** Pages that wait for their environment to have started. */
  #held: (() => void)[] = [];

  static async start(options: FakeCompanionOptions = {}): Promise<FakeCompanion> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(options.port ?? 0, '127.0.0.1', resolve));
    return new FakeCompanion(server, options);
  }

  private constructor(server: ReturnType<typeof createServer>, options: FakeCompanionOptions) {
    this.#server = server;
    this.#options = options;
    this.baseUrl = `http://localhost:${(server.address() as AddressInfo).port}`; // listening on TCP
    server.on('request', (request, response) => {
      this.#answer(request, response).catch((thrown: unknown) => {
        const error = toVitrineError(thrown);
        sendJson(response, error.status, error.toBody());
      });
    });
    server.on('upgrade', (request, socket, head) => {
      const id = /^\/ws(?:\/([^?]*))?/.exec(request.url ?? '')?.[1];
      if (!this.#mayConnect(request) || (id && !this.environments.has(id))) {
        socket.end('HTTP/1.1 403 Forbidden\r\nConnection: close\r\n\r\n');
        return;
      }
      this.#sockets.handleUpgrade(request, socket, head, (webSocket) => {
        if (id) this.#joinStream(webSocket, id, request.url ?? '');
        else this.#joinList(webSocket);
      });
    });
  }

  /** Where an environment's pages are. */
  originOf(id: string): string {
    return this.baseUrl.replace('//localhost', `//${id}.localhost`);
  }

  /** Adds or replaces an environment and tells everybody. */
  put(change: Partial<Environment> & { id: string }): Environment {
    const known = this.environments.get(change.id);
    const environment = known
      ? { ...known, ...change }
      : makeEnvironment({ origin: this.originOf(change.id), ...change });
    this.environments.set(change.id, environment);
    this.send(change.id, { channel: 'state', data: { type: 'environment', environment } });
    this.#tellList();
    for (const answer of this.#held.splice(0)) answer();
    return environment;
  }

  /** Keeps a request of an environment and tells of it. */
  request(id: string, request: NetworkRequest): void {
    const others = (this.network.get(id) ?? []).filter((each) => each.id !== request.id);
    this.network.set(id, [...others, request]);
    this.send(id, { channel: 'logs', data: { type: 'network', request } });
  }

  remove(id: string): void {
    this.environments.delete(id);
    this.send(id, { channel: 'state', data: { type: 'terminated' } });
    this.#tellList();
  }

  /** Numbers an event and sends it to the environment's channel. */
  send(id: string, event: ChannelEvent): void {
    const stream = this.#stream(id);
    const message = { ...event, seq: ++stream.seq } as ChannelMessage; // an event plus its number is a message
    stream.replay.push(message);
    if (stream.replay.length > (this.#options.replayLength ?? 1_000)) stream.replay.shift();
    for (const socket of stream.sockets) socket.send(JSON.stringify(message));
  }

  /** As it was at its start: nothing there, nothing intercepted. */
  reset(): void {
    for (const id of [...this.environments.keys()]) this.remove(id);
    this.#streams.clear();
    this.network.clear();
    this.usage.clear();
    this.sources = new FakeSources();
    this.config = new FakeConfig();
    this.history = noHistory();
    this.attempts = { attempts: [], sources: [] };
    this.intercept = () => {};
    this.evaluate = () => sampleEvaluation();
  }

  /** Cuts every socket without a farewell, as a crash does. */
  dropSockets(): void {
    for (const socket of this.#sockets.clients) socket.terminate();
  }

  /** Sockets of one environment that are open now. */
  viewers(id: string): number {
    return this.#stream(id).sockets.size;
  }

  async close(): Promise<void> {
    this.dropSockets();
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  async #answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? '/', this.baseUrl);
    const method = request.method ?? 'GET';
    const environmentId = /^([^.]+)\.localhost/.exec(request.headers.host ?? '')?.[1];
    if (environmentId) return this.#answerPreview(environmentId, url, response);
    if (url.pathname === '/healthz')
      return sendJson(response, 200, { ok: true, name: 'vitrine', version: '0' });
    if (!url.pathname.startsWith('/api/')) return this.#answerStatic(url.pathname, response);
    if (this.#options.token && request.headers.authorization !== `Bearer ${this.#options.token}`) {
      throw new VitrineError({ code: 'UNAUTHORIZED', message: 'No.', remedy: 'Sign in.', status: 401 });
    }
    const body = await readBody(request);
    this.requests.push(`${method} ${url.pathname} ${body}`.trim());
    await this.intercept(method, url.pathname);
    this.#answerApi(method, url, body === '' ? undefined : JSON.parse(body), response);
  }

  #answerApi(
    method: string,
    { pathname: path, searchParams: query }: URL,
    body: unknown,
    response: ServerResponse,
  ): void {
    const [, , collection, id, action] = path.split('/');
    const known = id === undefined ? undefined : this.environments.get(id);
    if (collection === 'metrics') sendJson(response, 200, id === 'history' ? this.history : sampleMetrics());
    else if (collection === 'attempts') sendJson(response, 200, this.attempts);
    else if (collection === 'repositories' || collection === 'boards') {
      this.#changeSources(method, collection, body);
      response.writeHead(204).end();
    } else if (collection !== 'environments' || (id !== undefined && !known)) {
      throw new VitrineError({
        code: 'NO_SUCH_ENVIRONMENT',
        message: `There is no environment "${id}".`,
        remedy: 'List them with `vitrine list`.',
        status: 404,
      });
    } else if (!known && method === 'POST') sendJson(response, 201, this.#create(body));
    else if (!known) sendJson(response, 200, { environments: [...this.environments.values()] });
    else if (action === 'network' && path.endsWith('/replay')) sendJson(response, 200, { status: 201 });
    else if (action === 'network') this.#answerNetwork(method, known.id, path.split('/')[5], response);
    else if (action === 'network.har') sendJson(response, 200, { log: { version: '1.2', entries: [] } });
    else if (action === 'tree' || action === 'source' || action === 'base' || action === 'search')
      sendJson(response, 200, this.sources.answer(action, method, query, body));
    else if (action === 'config')
      sendJson(response, 200, this.config.answer(method, path.split('/')[5], body));
    else if (action === 'evaluate') sendJson(response, 200, this.evaluate(evaluateSchema.parse(body)));
    else if (action === 'feedback') {
      const { useful } = feedbackSchema.parse(body);
      sendJson(response, 200, this.put({ id: known.id, useful: useful ?? undefined }));
    } else if (action === 'usage') sendJson(response, 200, { samples: this.usage.get(known.id) ?? [] });
    else if (action === 'egress') {
      const { host } = allowHostSchema.parse(body);
      const egress = { policy: 'allowlist' as const, allowed: [...known.egress.allowed, host] };
      sendJson(response, 200, this.put({ id: known.id, egress }).egress);
    } else if (action === 'suspend') sendJson(response, 200, this.put({ id: known.id, status: 'suspended' }));
    else if (action === 'resume') sendJson(response, 200, this.put({ id: known.id, status: 'running' }));
    else if (action === 'restart' || action === 'retry') {
      const change = { status: 'initializing', steps: stepsAt('backend'), failure: undefined } as const;
      sendJson(response, 200, this.put({ id: known.id, ...change }));
    } else if (method === 'DELETE') {
      this.remove(known.id);
      response.writeHead(204).end();
    } else sendJson(response, 200, { ...known, previewUrl: this.#previewUrl(known.id) });
  }

  #answerNetwork(method: string, id: string, requestId: string | undefined, response: ServerResponse): void {
    const requests = this.network.get(id) ?? [];
    if (method === 'DELETE') {
      this.network.delete(id);
      response.writeHead(204).end();
    } else if (requestId === undefined) {
      const cursor = requests.at(-1)?.id ?? 0;
      sendJson(response, 200, { requests, cursor, hasMore: false, oldestId: requests[0]?.id ?? 1 });
    } else {
      const request = requests.find((each) => each.id === Number(requestId));
      if (request) return sendJson(response, 200, makeDetail(request));
      throw new VitrineError({
        code: 'NO_SUCH_REQUEST',
        message: `Request ${requestId} is not kept any more.`,
        remedy: 'Ask the page for it again.',
        status: 404,
      });
    }
  }

  #create(body: unknown) {
    const request = createEnvironmentSchema.parse(body);
    const found = [...this.environments.values()].find(({ taskId }) => taskId === request.taskId);
    const environment =
      found ??
      this.put({
        id: `env-${this.environments.size + 1}`,
        taskId: request.taskId,
        agentId: request.agentId,
        title: request.title ?? request.taskId,
        worktree: request.worktree ?? '/home/dev/worktrees/new',
        status: 'initializing',
        steps: stepsAt('sandbox'),
      });
    const { id } = environment;
    return { environmentId: id, previewUrl: this.#previewUrl(id), backendUrl: this.originOf(id) };
  }

  #changeSources(method: string, collection: 'repositories' | 'boards', body: unknown): void {
    const kind = collection === 'boards' ? 'board' : 'repository';
    const location =
      collection === 'boards' ? addBoardSchema.parse(body).url : addRepositorySchema.parse(body).path;
    const others = this.attempts.sources.filter((source) => source.location !== location);
    const sources = method === 'POST' ? [...others, { kind, location } as const] : others;
    this.attempts = { ...this.attempts, sources };
  }

  #answerPreview(id: string, url: URL, response: ServerResponse): void {
    if (url.searchParams.has('__vitrine_ticket')) {
      url.searchParams.delete('__vitrine_ticket');
      response.writeHead(302, { Location: `${url.pathname}${url.search}` }).end();
      return;
    }
    const environment = this.environments.get(id);
    if (environment?.status === 'initializing') {
      // The real one waits for the first build, too.
      this.#held.push(() => this.#answerPreview(id, url, response));
      return;
    }
    const title = environment?.title ?? 'Gone';
    response.writeHead(200, { 'Content-Type': 'text/html; charset=utf-8' });
    response.end(fakePreviewPage(title, this.baseUrl));
  }

  async #answerStatic(path: string, response: ServerResponse): Promise<void> {
    const directory = this.#options.workbenchDirectory;
    const file = normalize(path === '/' ? '/index.html' : path);
    const content = directory && (await readFile(join(directory, file)).catch(() => undefined));
    if (!content) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, {
      'Content-Type': CONTENT_TYPES[extname(file)] ?? 'application/octet-stream',
      'Content-Security-Policy':
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; connect-src 'self' ws://localhost:*; frame-src http://*.localhost:*; base-uri 'none'; form-action 'none'",
    });
    response.end(content);
  }

  #previewUrl(id: string): string {
    return `${this.originOf(id)}/?__vitrine_ticket=${Math.random().toString(36).slice(2)}`;
  }

  #stream(id: string): Stream {
    let stream = this.#streams.get(id);
    if (!stream) {
      stream = { seq: 0, replay: [], sockets: new Set() };
      this.#streams.set(id, stream);
    }
    return stream;
  }

  #mayConnect(request: IncomingMessage): boolean {
    const offered = (request.headers['sec-websocket-protocol'] ?? '').split(/,\s*/);
    const { token } = this.#options;
    return (
      offered.includes(WS_PROTOCOL) && (!token || offered.includes(`${WS_TOKEN_PROTOCOL_PREFIX}${token}`))
    );
  }

  #joinStream(socket: WebSocket, id: string, url: string): void {
    const stream = this.#stream(id);
    const environment = this.environments.get(id);
    if (!environment) return;
    const since = new URL(url, this.baseUrl).searchParams.get('since');
    const missed = stream.replay.filter(({ seq }) => seq > Number(since ?? 0));
    const oldest = stream.replay[0]?.seq ?? stream.seq + 1;
    const lost = since !== null && (Number(since) + 1 < oldest || Number(since) > stream.seq);
    const messages = lost ? [stateMessage(stream.seq, { type: 'reset' })] : missed;
    for (const message of messages) socket.send(JSON.stringify(message));
    socket.send(JSON.stringify(stateMessage(stream.seq, { type: 'environment', environment })));
    stream.sockets.add(socket);
    socket.on('close', () => stream.sockets.delete(socket));
  }

  #joinList(socket: WebSocket): void {
    socket.send(JSON.stringify({ environments: [...this.environments.values()] }));
    this.#listSockets.add(socket);
    socket.on('close', () => this.#listSockets.delete(socket));
  }

  #tellList(): void {
    const message = JSON.stringify({ environments: [...this.environments.values()] });
    for (const socket of this.#listSockets) socket.send(message);
  }
}

type StateData = Extract<ChannelMessage, { channel: 'state' }>['data'];

function stateMessage(seq: number, data: StateData): ChannelMessage {
  return { channel: 'state', seq, data };
}

const CONTENT_TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};

function sendJson(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'Content-Type': 'application/json' }).end(JSON.stringify(body));
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
