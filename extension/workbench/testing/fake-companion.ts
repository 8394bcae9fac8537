import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { AttemptList } from '#shared/api/attempt.ts';
import type { Environment } from '#shared/api/environment.ts';
import type { Evaluate, Evaluation } from '#shared/api/evaluate.ts';
import type { MetricsHistory } from '#shared/api/metrics-history.ts';
import type { NetworkRequest } from '#shared/api/network.ts';
import type { UsageSample } from '#shared/api/usage.ts';
import { toVitrineError, VitrineError } from '#shared/errors.ts';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import { serveWorkbench } from './built-workbench.ts';
import { answerApi } from './fake-api.ts';
import { FakeChannels } from './fake-channels.ts';
import { FakeConfig } from './fake-config.ts';
import { fakePreviewPage } from './fake-preview-page.ts';
import { FakeSources } from './fake-sources.ts';
import { makeEnvironment, noHistory } from './sample-data.ts';
import { sampleEvaluation } from './sample-values.ts';
import { sendJson } from './send-json.ts';

export interface FakeCompanionOptions {
  port?: number;
  /** Required as bearer token and subprotocol where given; without one everybody is let in. */
  token?: string;
  /** A built workbench, served at `/` with the companion's content security policy. */
  workbenchDirectory?: string;
  /** Sources of scripts beside those of the companion's policy. */
  scriptSources?: string;
  /** How many messages each channel keeps for those who resume. */
  replayLength?: number;
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
  readonly #channels: FakeChannels;
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
    const { token, replayLength } = options;
    this.#channels = new FakeChannels({ environments: this.environments, token, replayLength });
    server.on('upgrade', (request, socket, head) => this.#channels.upgrade(request, socket, head));
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
    this.#channels.tellList();
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
    this.#channels.tellList();
  }

  /** Numbers an event and sends it to the environment's channel. */
  send(id: string, event: ChannelEvent): void {
    this.#channels.send(id, event);
  }

  /** As it was at its start: nothing there, nothing intercepted. */
  reset(): void {
    for (const id of [...this.environments.keys()]) this.remove(id);
    this.#channels.forget();
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
    this.#channels.drop();
  }

  /** Sockets of one environment that are open now. */
  viewers(id: string): number {
    return this.#channels.viewers(id);
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
    if (!url.pathname.startsWith('/api/')) {
      const { workbenchDirectory: directory, scriptSources } = this.#options;
      return serveWorkbench({ directory, scriptSources }, url.pathname, response);
    }
    if (this.#options.token && request.headers.authorization !== `Bearer ${this.#options.token}`) {
      throw new VitrineError({ code: 'UNAUTHORIZED', message: 'No.', remedy: 'Sign in.', status: 401 });
    }
    const body = await readBody(request);
    this.requests.push(`${method} ${url.pathname} ${body}`.trim());
    await this.intercept(method, url.pathname);
    answerApi(this, { method, url, body: body === '' ? undefined : JSON.parse(body) }, response);
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
}

async function readBody(request: IncomingMessage): Promise<string> {
  let text = '';
  for await (const chunk of request) text += String(chunk);
  return text;
}
