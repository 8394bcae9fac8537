import { once } from 'node:events';
import { rm, stat } from 'node:fs/promises';
import { createConnection, type Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import type { ClientConfig } from 'pg';
import { unlessAborted } from '../../unless-aborted.ts';
import { Admin } from '../admin.ts';
import { describeServerError, isConnectionLost } from '../errors.ts';
import type { PostgresServer } from '../server.ts';
import { ADMIN_ROLE, dataDirectory, makeCluster } from './cluster.ts';
import { installServer } from './install.ts';
import { launchServer, type RunningServer, type ServerAddress } from './launch.ts';
import { endLeftover } from './leftover.ts';
import { findServerPackage, unavailable } from './package.ts';
import { makePlace, removeSocketDirectory, type ServerPlace, serverPlace } from './place.ts';

/** A server nobody uses is stopped: it starts again in 50 ms. */
const IDLE_MS = 10 * 60_000;
const START_DEADLINE_MS = 120_000;
/** Between starts of one that keeps failing. */
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 30_000;
/** How long one that was killed may take to be gone. */
const DYING_MS = 5_000;
const EMBEDDED_REMEDY =
  'Start the preview again; if it persists, look for another reason in the companion’s log.';
/** One that ran for this long was all right. */
const HEALTHY_MS = 60_000;

export interface EmbeddedOptions {
  /** The companion's directory for PostgreSQL. */
  directory: string;
  /** Tells state directories apart. */
  instance: string;
  password(role: string): string;
  idleMs?: number;
}

interface Up {
  server: RunningServer;
  admin: Admin;
  since: number;
}

/** The server that comes with the companion: started when it is first needed, stopped when idle, started anew after a crash. */
export class EmbeddedServer implements PostgresServer {
  readonly id = 'embedded';
  readonly name = 'the embedded PostgreSQL server';
  readonly #options: EmbeddedOptions;
  #up: Promise<Up> | undefined;
  /** The one that runs, until it ends or is being stopped. */
  #current: Up | undefined;
  #stopping: Promise<void> = Promise.resolve();
  #users = 0;
  #idleTimer: NodeJS.Timeout | undefined;
  #failures = 0;
  #mayStartAt = 0;
  readonly #closing = new AbortController();

  constructor(options: EmbeddedOptions) {
    this.#options = options;
  }

  run<T>(signal: AbortSignal, work: (admin: Admin) => Promise<T>): Promise<T> {
    return this.#using(signal, () => this.#withLiving(signal, ({ admin }) => work(admin)));
  }

  keepRunning<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    return this.#using(signal, async () => {
      await this.#started(signal);
      return work();
    });
  }

  async #using<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
    const release = this.#use();
    try {
      return await work();
    } catch (error) {
      signal.throwIfAborted();
      throw describeServerError(error, this.name, EMBEDDED_REMEDY);
    } finally {
      release();
    }
  }

  async open(signal: AbortSignal): Promise<Duplex> {
    const release = this.#use();
    try {
      const socket = await this.#withLiving(signal, ({ server }) => connectTo(server.address, signal));
      socket.once('close', release);
      return socket;
    } catch (error) {
      release();
      signal.throwIfAborted();
      throw describeServerError(error, this.name, EMBEDDED_REMEDY);
    }
  }

  async client(signal: AbortSignal): Promise<ClientConfig> {
    return { ...(await this.#started(signal)).server.client };
  }

  /** Whether there is a data directory: without, nothing can be on this server. */
  async exists(): Promise<boolean> {
    const { major } = await findServerPackage();
    return (await stat(dataDirectory(await this.#place(), major)).catch(() => null)) !== null;
  }

  get isRunning(): boolean {
    return this.#up !== undefined;
  }

  /** Ends what an earlier companion left running. */
  async sweep(): Promise<void> {
    const { major } = await findServerPackage();
    const place = await this.#place();
    await endLeftover(dataDirectory(place, major));
    await removeSocketDirectory(place);
  }

  async close(): Promise<void> {
    this.#closing.abort(unavailable('The companion is closing'));
    await this.#stop();
  }

  /** Removes all that the server keeps, wherever that is. */
  async remove(): Promise<void> {
    await this.close();
    await this.sweep();
    await rm((await this.#place()).directory, { recursive: true, force: true });
  }

  #place(): Promise<ServerPlace> {
    return serverPlace(this.#options.directory, this.#options.instance);
  }

  /** Keeps it running until what this returns is called. */
  #use(): () => void {
    this.#users += 1;
    clearTimeout(this.#idleTimer);
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      this.#users -= 1;
      if (this.#users > 0 || !this.#up) return;
      this.#idleTimer = setTimeout(() => void this.#stop(), this.#options.idleMs ?? IDLE_MS);
      this.#idleTimer.unref();
    };
  }

  /**
   * A server that has just died may not have told so yet, and breaks what is begun on it: then once more from the
   * beginning, on the next one. All that is done so may be repeated (see Databases).
   */
  async #withLiving<T>(signal: AbortSignal, work: (up: Up) => Promise<T>): Promise<T> {
    const up = await this.#started(signal);
    try {
      return await work(up);
    } catch (error) {
      const isOver = this.#current !== up || (isConnectionLost(error) && (await hasDied(up, signal)));
      if (!isOver) throw error;
      return work(await this.#started(signal));
    }
  }

  #started(signal: AbortSignal): Promise<Up> {
    if (!this.#up) {
      const starting = this.#start();
      this.#up = starting;
      starting.catch(() => {
        if (this.#up === starting) this.#up = undefined;
      });
    }
    return unlessAborted(this.#up, AbortSignal.any([signal, this.#closing.signal]));
  }

  /** Not ended by whoever asked for it first: others may be waiting. */
  async #start(): Promise<Up> {
    const signal = AbortSignal.any([this.#closing.signal, AbortSignal.timeout(START_DEADLINE_MS)]);
    await this.#stopping;
    await delay(Math.max(0, this.#mayStartAt - Date.now()), undefined, { signal });
    let server: RunningServer | undefined;
    try {
      server = await this.#launch(signal);
      const password = this.#options.password(ADMIN_ROLE);
      const admin = await Admin.connect(
        { ...server.client, user: ADMIN_ROLE, password, database: 'postgres' },
        signal,
      );
      const up = { server, admin, since: Date.now() };
      await admin.query(LOCK_DOWN, signal);
      this.#current = up;
      void server.exited.then(() => this.#exited(up));
      return up;
    } catch (error) {
      await server?.stop();
      this.#failed();
      throw error;
    }
  }

  async #launch(signal: AbortSignal): Promise<RunningServer> {
    const found = await findServerPackage();
    const place = await this.#place();
    await makePlace(place);
    await endLeftover(dataDirectory(place, found.major));
    const programs = await installServer(found, place);
    const password = this.#options.password(ADMIN_ROLE);
    const data = await makeCluster({ place, programs, major: found.major, password }, signal);
    return launchServer({ place, programs, data }, signal);
  }

  #failed(): void {
    this.#mayStartAt = Date.now() + Math.min(LONGEST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** this.#failures);
    this.#failures += 1;
  }

  #exited(up: Up): void {
    if (this.#current !== up) return; // it was stopped
    this.#current = undefined;
    this.#up = undefined;
    if (Date.now() - up.since > HEALTHY_MS) this.#failures = 0;
    this.#failed();
    up.admin.close().catch(() => undefined); // its connections broke with the server
  }

  #stop(): Promise<void> {
    clearTimeout(this.#idleTimer);
    const up = this.#up;
    this.#up = undefined;
    this.#current = undefined;
    if (up) {
      const stopped = up.then(
        async ({ server, admin }) => {
          await admin.close().catch(() => undefined);
          await server.stop();
        },
        () => undefined, // told to whoever waited for it
      );
      this.#stopping = Promise.all([this.#stopping, stopped]).then(() => undefined);
    }
    return this.#stopping;
  }
}

/** Of its own databases too nobody but the administrator needs any. */
const LOCK_DOWN = `REVOKE ALL ON DATABASE postgres FROM PUBLIC; REVOKE ALL ON DATABASE template1 FROM PUBLIC;
  REVOKE ALL ON DATABASE template0 FROM PUBLIC`;

/** Whether the server is over, or soon is. */
function hasDied({ server }: Up, signal: AbortSignal): Promise<boolean> {
  return unlessAborted(server.exited, AbortSignal.any([signal, AbortSignal.timeout(DYING_MS)])).then(
    () => true,
    () => false,
  );
}

async function connectTo(address: ServerAddress, signal: AbortSignal): Promise<Socket> {
  signal.throwIfAborted();
  const socket = createConnection({ ...address, noDelay: true });
  const onAbort = () => socket.destroy(signal.reason as Error);
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await once(socket, 'connect');
    return socket;
  } finally {
    signal.removeEventListener('abort', onAbort);
  }
}
