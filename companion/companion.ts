import { rm } from 'node:fs/promises';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { Duplex } from 'node:stream';
import type { Express } from 'express';
import { toVitrineError } from '#shared/errors.ts';
import type { ProviderName, RuntimeName } from '#shared/identifiers.ts';
import { createControlApp, WORKBENCH_SUBJECT } from './api/control-app.ts';
import { type Listening, listenOnLoopback } from './api/listen.ts';
import { DevserverProvider } from './builder/devserver/provider.ts';
import type { FrontendProvider } from './builder/frontend.ts';
import { SandpackProvider } from './builder/host/provider.ts';
import { createDatabaseProviders } from './databases/providers.ts';
import { PackageStores } from './dependencies/package-stores.ts';
import { Attempts } from './environments/attempts.ts';
import { Engines } from './environments/engines.ts';
import { Environments } from './environments/environments.ts';
import { removeUnknownDirectories } from './environments/unknown-directories.ts';
import { warmCandidates } from './environments/warm-candidates.ts';
import { Measurements } from './metrics/measurements.ts';
import { Prometheus } from './metrics/prometheus.ts';
import { sendPage } from './proxy/pages.ts';
import { PreviewOrigin } from './proxy/preview-origin.ts';
import { Sockets } from './realtime/sockets.ts';
import { DockerRuntime } from './runtimes/docker/runtime.ts';
import { ProcessRuntime } from './runtimes/process/runtime.ts';
import type { Runtime } from './runtimes/runtime.ts';
import { ControlAccess } from './security/control-access.ts';
import { destinationOf } from './security/hosts.ts';
import { Tickets } from './security/tickets.ts';
import { keepPort, keptToken, preferredPort } from './storage/companion-file.ts';
import { Registry } from './storage/registry.ts';
import { prepareStateDirectory, type StatePaths, writePrivateFile } from './storage/state-directory.ts';

export interface CompanionOptions {
  home: string;
  /** VITRINE_PORT: a fixed port, 0 for any; undefined keeps the last one where it is free. */
  port?: number;
  /** Asked for through the API: the caller stops the companion. */
  onShutdown(): void;
}

export interface RunningCompanion {
  port: number;
  token: string;
  /** A link that logs a browser in, once. */
  loginUrl(): string;
  /** Ends every environment's processes, keeps their data, and frees the port. */
  stop(): Promise<void>;
}

/** Starts a companion on a state directory that no other companion uses (see lock-state-directory.ts). */
export async function runCompanion({
  home,
  port: wanted,
  onShutdown,
}: CompanionOptions): Promise<RunningCompanion> {
  const paths = prepareStateDirectory(home);
  const registry = await Registry.open(paths.database);
  const token = await keptToken(paths);
  const engines = createEngines(paths);
  const known = await registry.environmentIds();
  await engines.sweep(known);
  await new PackageStores(paths.packages).sweep();
  await removeUnknownDirectories(paths, known);

  const handlers = new Dispatcher();
  const listening = await listen(wanted ?? (await preferredPort(paths)), wanted === undefined, handlers);
  const { port } = listening;
  const tickets = new Tickets();
  const access = new ControlAccess(token, port);
  const attempts = new Attempts(registry);
  await attempts.load();
  const prometheus = new Prometheus(() => environments.list(), registry.measurements);
  const measurements = new Measurements(registry.measurements, prometheus);
  const environments: Environments = new Environments({
    registry,
    paths,
    engines,
    port,
    onPublish: (environmentId, event) => measurements.take(environmentId, event),
    findOnBoard: (request, signal) => attempts.find(request, signal),
    warmCandidates: (all, signal) => warmCandidates(attempts, all, signal),
  });
  const sockets = new Sockets(environments);
  const app = createControlApp({
    environments,
    attempts,
    engines,
    registry,
    prometheus,
    access,
    tickets,
    port,
    home,
    onShutdown,
  });
  const preview = new PreviewOrigin({ tickets, token, port, boardOrigins: () => attempts.boardOrigins });
  // Pages that stayed open ask at once: what they ask must be known.
  await environments.restore();
  handlers.open({ port, app, preview, environments, sockets, access });
  await keepPort(paths, port);
  await writePrivateFile(paths.companionFile, `${JSON.stringify({ port, pid: process.pid, token })}\n`);
  void engines.prepare();

  return {
    port,
    token,
    loginUrl: () => `http://localhost:${port}/login?ticket=${tickets.issue(WORKBENCH_SUBJECT)}`,
    async stop() {
      sockets.close();
      await environments.close();
      await engines.close();
      await listening.close();
      await registry.close();
      await rm(paths.companionFile, { force: true });
    },
  };
}

function createEngines(paths: StatePaths): Engines {
  return new Engines({
    runtimes: new Map<RuntimeName, Runtime>([
      ['process', new ProcessRuntime({ stateDirectory: paths.runtime, hidden: [paths.home] })],
      ['docker', new DockerRuntime({ stateDirectory: paths.runtime, hidden: [paths.home] })],
    ]),
    databases: createDatabaseProviders({ directory: paths.databases }),
    providers: new Map<ProviderName, FrontendProvider>([
      ['devserver', new DevserverProvider()],
      ['sandpack', new SandpackProvider({ sharedCacheDirectory: join(paths.sharedCache, 'vendor') })],
    ]),
  });
}

/** With a port of our own choosing, one that is taken gives way to any that is free. */
async function listen(port: number, mayMove: boolean, handlers: Dispatcher): Promise<Listening> {
  try {
    return await listenOnLoopback(port, handlers);
  } catch (error) {
    if (!mayMove || toVitrineError(error).code !== 'PORT_TAKEN') throw error;
    return listenOnLoopback(0, handlers);
  }
}

interface Destinations {
  port: number;
  app: Express;
  preview: PreviewOrigin;
  environments: Environments;
  sockets: Sockets;
  access: ControlAccess;
}

/** Sends each request where its Host header says, and refuses hosts that are not ours. */
class Dispatcher {
  #destinations: Destinations | undefined;

  open(destinations: Destinations): void {
    this.#destinations = destinations;
  }

  request = (request: IncomingMessage, response: ServerResponse): void => {
    const to = this.#destinations;
    if (!to) return sendPage(request, response, 503, STARTING, { refreshSeconds: 1 });
    const destination = destinationOf(onlyHost(request), to.port);
    if (destination.kind === 'control') return void to.app(request, response);
    if (destination.kind === 'unknown') return refuseHost(request, response);
    const environment = to.environments.get(destination.environmentId);
    if (!environment) return refuseEnvironment(request, response);
    to.preview.handle(environment, request, response).catch((error) => {
      console.error(`${environment.id} ${request.method} ${request.url}:`, error);
      const { code, message, remedy, status } = toVitrineError(error);
      sendPage(request, response, status, { code, message, remedy });
    });
  };

  upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', () => socket.destroy());
    const refuse = (status: string) =>
      socket.end(`HTTP/1.1 ${status}\r\nconnection: close\r\ncontent-length: 0\r\n\r\n`);
    const to = this.#destinations;
    if (!to) return void refuse('503 Service Unavailable');
    const destination = destinationOf(onlyHost(request), to.port);
    if (destination.kind === 'unknown') return void refuse('421 Misdirected Request');
    if (destination.kind === 'control') {
      try {
        to.access.checkUpgrade(request);
      } catch (error) {
        return void refuse(toVitrineError(error).status === 403 ? '403 Forbidden' : '401 Unauthorized');
      }
      if (!to.sockets.upgrade(request, socket, head)) refuse('404 Not Found');
      return;
    }
    const environment = to.environments.get(destination.environmentId);
    if (!environment) return void refuse('404 Not Found');
    to.preview.upgrade(environment, request, socket, head).catch((error) => {
      console.error(`${environment.id} upgrade ${request.url}:`, error);
      socket.destroy();
    });
  };
}

const STARTING = {
  code: 'COMPANION_STARTING',
  message: 'Vitrine is starting …',
  remedy: 'This page loads itself again.',
};

/** The Host header; none when there are several, which two servers may read differently (attack 22). */
function onlyHost({ rawHeaders, headers }: IncomingMessage): string | undefined {
  let count = 0;
  for (let at = 0; at < rawHeaders.length; at += 2) if (/^host$/i.test(rawHeaders[at] ?? '')) count += 1;
  return count === 1 ? headers.host : undefined;
}

function refuseHost(request: IncomingMessage, response: ServerResponse): void {
  sendPage(request, response, 421, {
    code: 'HOST_REFUSED',
    message: `The host name ${String(request.headers.host).slice(0, 200)} is not one of this companion’s.`,
    remedy: 'Use localhost, 127.0.0.1 or a preview’s own address, with the companion’s port.',
  });
}

function refuseEnvironment(request: IncomingMessage, response: ServerResponse): void {
  sendPage(request, response, 404, {
    code: 'ENVIRONMENT_UNKNOWN',
    message: 'This preview does not exist any more.',
    remedy: 'Start it again from the board or the workbench.',
  });
}
