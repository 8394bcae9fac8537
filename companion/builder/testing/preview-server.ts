import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChannelEvent } from '#shared/realtime/channels.ts';
import type { ConsoleEntry } from '#shared/realtime/console-entry.ts';
import { NetworkLog } from '../../proxy/network-log.ts';
import { mergeCsp } from '../../security/csp.ts';
import type { Frontend, FrontendContext } from '../frontend.ts';
import { SANDPACK_CSP } from '../host/csp.ts';
import { SandpackProvider } from '../host/provider.ts';
import { PlainPod } from './plain-pod.ts';

/** What the configuration says when it says nothing. */
const DEFAULT_POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'";

export interface PreviewOptions {
  root: string;
  worktree?: string;
  appEnv?: Record<string, string>;
  sharedCacheDirectory?: string;
  /** The environment's own, if it is to outlive this server. */
  cacheDirectory?: string;
  /** Given to two servers, the second knows what pages of the first loaded. */
  ownDirectory?: string;
  hotReload?: boolean;
  port?: number;
  idleMs?: number;
  /** What the configuration says of the content policy. */
  policy?: string;
}

/** A frontend on `http://preview.localhost:<port>`, as the companion would serve it, without its gates. */
export class PreviewServer {
  readonly events: ChannelEvent[] = [];
  readonly steps: string[] = [];
  readonly network = new NetworkLog(() => undefined);
  readonly pod = new PlainPod();
  #server: Server | undefined;
  #frontend: Frontend | undefined;
  #directory = '';

  static async start(options: PreviewOptions): Promise<PreviewServer> {
    const preview = new PreviewServer();
    await preview.#start(options);
    return preview;
  }

  get origin(): string {
    return `http://preview.localhost:${this.port}`;
  }

  get port(): number {
    const address = this.#server?.address();
    if (!address || typeof address === 'string') throw new Error('The preview does not listen.');
    return address.port;
  }

  get frontend(): Frontend {
    if (!this.#frontend) throw new Error('The preview did not start.');
    return this.#frontend;
  }

  get console(): ConsoleEntry[] {
    return this.events.flatMap(({ channel, data }) =>
      channel === 'logs' && data.type === 'console' ? [data.entry] : [],
    );
  }

  changed(...paths: string[]): void {
    this.frontend.filesChanged(paths);
  }

  async close(): Promise<void> {
    await this.#frontend?.close();
    await this.pod.destroy();
    this.#server?.closeAllConnections();
    if (this.#server) await new Promise((resolve) => this.#server?.close(resolve));
    await rm(this.#directory, { recursive: true, force: true });
  }

  async #start({
    root,
    worktree = root,
    appEnv = {},
    sharedCacheDirectory,
    cacheDirectory,
    ownDirectory,
    hotReload = true,
    port = 0,
    idleMs,
    policy: configured = DEFAULT_POLICY,
  }: PreviewOptions) {
    this.#directory = await mkdtemp(join(tmpdir(), 'vitrine-preview-'));
    const context: FrontendContext = {
      environmentId: 'preview',
      pod: this.pod,
      worktree,
      root,
      cacheDirectory: cacheDirectory ?? join(this.#directory, 'cache'),
      ownDirectory: ownDirectory ?? join(this.#directory, 'own'),
      inheritedEnv: {},
      appEnv,
      hotReload,
      network: this.network,
      emit: (event) => this.events.push(event),
      onStep: (step, status) => this.steps.push(`${step}:${status}`),
    };
    const provider = new SandpackProvider({
      sharedCacheDirectory: sharedCacheDirectory ?? join(this.#directory, 'shared'),
      ...(idleMs !== undefined && { idleMs }),
    });
    this.#frontend = await provider.start(context, new AbortController().signal);
    const policy = mergeCsp(configured, SANDPACK_CSP, ["'self'", 'http://localhost:*']);
    this.#server = createServer((request, response) => {
      if (request.headers.host?.startsWith('preview.')) {
        response.setHeader('content-security-policy', policy);
      }
      this.frontend.handle(request, response).then(
        (taken) => {
          if (!taken) response.writeHead(404, { 'content-type': 'text/plain' }).end('not the frontend’s');
        },
        (error: unknown) => {
          if (!response.headersSent) response.writeHead(500, { 'content-type': 'text/plain' });
          response.end(String(error));
        },
      );
    });
    this.#server.on('upgrade', (request, socket, head) => {
      if (!this.frontend.upgrade(request, socket, head)) socket.destroy();
    });
    this.#server.listen(port, '127.0.0.1');
    await once(this.#server, 'listening');
  }
}
