import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type AttemptList, attemptListSchema } from '#shared/api/attempt.ts';
import {
  type CreatedEnvironment,
  type CreateEnvironment,
  createdEnvironmentSchema,
  type Environment,
  type EnvironmentDetail,
  type EnvironmentEvent,
  environmentDetailSchema,
  environmentListSchema,
  eventListSchema,
} from '#shared/api/environment.ts';
import { type Diagnosis, diagnosisSchema } from '../companion/api/doctor.ts';
import { PostgresProvider } from '../companion/databases/postgres/provider.ts';
import { leftoversOf, untilEmpty } from './companion-leftovers.ts';
import { type HttpAnswer, type HttpCall, httpCall } from './http.ts';
import { isRunning } from './leftovers.ts';
import { Lifetime } from './lifetime.ts';
import { postgresPlace } from './postgres-place.ts';
import { type Serving, startServe } from './serve.ts';
import { waitUntil } from './wait-until.ts';

const STOP_DEADLINE_MS = 20_000;
const AFTERMATH_DEADLINE_MS = 3_000;
/** An environment is off the list at once; its containers need a moment to end. */
const TERMINATION_DEADLINE_MS = 15_000;
const CALL_DEADLINE_MS = 60_000;
const RUNNING_DEADLINE_MS = 60_000;

export interface CallOptions {
  method?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** A real companion on a state directory of its own. */
export class Companion {
  /** VITRINE_HOME. */
  readonly home: string;
  readonly #env: NodeJS.ProcessEnv;
  readonly #dockerSocket: string | undefined;
  readonly #lifetime: Lifetime;
  #serving: Serving;

  constructor(home: string, env: NodeJS.ProcessEnv, lifetime: Lifetime, serving: Serving) {
    this.home = home;
    this.#env = env;
    this.#dockerSocket = /^unix:\/\/(.+)$/.exec(env.DOCKER_HOST ?? '')?.[1];
    this.#lifetime = lifetime;
    this.#serving = serving;
  }

  /** Control origin. */
  get url(): string {
    return `http://localhost:${this.#serving.address.port}`;
  }

  get port(): number {
    return this.#serving.address.port;
  }

  get token(): string {
    return this.#serving.address.token;
  }

  get pid(): number {
    return this.#serving.address.pid;
  }

  output(): string {
    return this.#serving.child.output();
  }

  /** Ends the companion's own process, and nothing else, as a crash would. */
  async kill(): Promise<void> {
    process.kill(this.pid, 'SIGKILL');
    await waitUntil(async () => !(await isRunning(this.pid)), { what: 'the killed companion to be gone' });
  }

  /**
   * Has it run again on the same state directory and port after a crash. Whoever is first starts it: this, or a
   * browser's native messaging host that misses it.
   */
  async restart(): Promise<void> {
    const env = { ...this.#env, VITRINE_PORT: String(this.port) };
    this.#serving = await startServe(this.home, env, this.pid);
  }

  /** A call with the token, unless `headers` say otherwise. */
  async fetch(path: string, { method = 'GET', body, headers }: CallOptions = {}): Promise<Response> {
    return fetch(this.url + path, {
      method,
      headers: {
        authorization: `Bearer ${this.token}`,
        ...(body !== undefined && { 'content-type': 'application/json' }),
        ...headers,
      },
      body: body === undefined ? undefined : JSON.stringify(body),
      redirect: 'manual',
      signal: AbortSignal.timeout(CALL_DEADLINE_MS),
    });
  }

  async create(request: CreateEnvironment): Promise<CreatedEnvironment> {
    return createdEnvironmentSchema.parse(
      await this.#ok('/api/environments', { method: 'POST', body: request }),
    );
  }

  async environments(): Promise<Environment[]> {
    return environmentListSchema.parse(await this.#ok('/api/environments')).environments;
  }

  async environment(id: string): Promise<EnvironmentDetail> {
    return environmentDetailSchema.parse(await this.#ok(`/api/environments/${id}`));
  }

  async attempts(): Promise<AttemptList> {
    return attemptListSchema.parse(await this.#ok('/api/attempts'));
  }

  async addRepository(path: string): Promise<void> {
    await this.#ok('/api/repositories', { method: 'POST', body: { path } });
  }

  async terminate(id: string): Promise<void> {
    await this.#ok(`/api/environments/${id}`, { method: 'DELETE' });
  }

  async suspend(id: string): Promise<void> {
    await this.#ok(`/api/environments/${id}/suspend`, { method: 'POST' });
  }

  async resume(id: string): Promise<void> {
    await this.#ok(`/api/environments/${id}/resume`, { method: 'POST' });
  }

  /** Resolves when it was started anew, or failed. */
  async restartEnvironment(id: string): Promise<void> {
    await this.#ok(`/api/environments/${id}/restart`, { method: 'POST' });
  }

  async resetDatabase(id: string): Promise<void> {
    await this.#ok(`/api/environments/${id}/database/reset`, { method: 'POST' });
  }

  async keepSnapshot(id: string, name: string): Promise<void> {
    await this.#ok(`/api/environments/${id}/database/snapshots`, { method: 'POST', body: { name } });
  }

  async restoreSnapshot(id: string, name: string): Promise<void> {
    await this.#ok(`/api/environments/${id}/database/restore`, { method: 'POST', body: { name } });
  }

  /** What happened to the environment, the oldest first. */
  async events(id: string): Promise<EnvironmentEvent[]> {
    return eventListSchema.parse(await this.#ok(`/api/environments/${id}/events`)).events;
  }

  async diagnose(): Promise<Diagnosis> {
    return diagnosisSchema.parse(await this.#ok('/api/doctor'));
  }

  /** A request to an environment's preview origin, allowed by the token. Every header is as told. */
  async request(id: string, call: Omit<HttpCall, 'port' | 'host'>): Promise<HttpAnswer> {
    return httpCall({
      ...call,
      port: this.port,
      host: `${id}.localhost:${this.port}`,
      headers: { authorization: `Bearer ${this.token}`, ...call.headers },
    });
  }

  /** Waits until the environment runs; rejects at once when it failed. */
  async running(id: string): Promise<EnvironmentDetail> {
    const settled = await this.settled(id);
    if (settled.status !== 'running')
      throw new Error(`Environment ${id}: ${JSON.stringify(settled.failure)}`);
    return settled;
  }

  /** Waits until the environment is no longer being started. */
  async settled(id: string): Promise<EnvironmentDetail> {
    return waitUntil(
      async () => {
        const detail = await this.environment(id);
        return detail.status === 'initializing' ? undefined : detail;
      },
      { what: `environment ${id} to start or fail`, deadlineMs: RUNNING_DEADLINE_MS },
    );
  }

  /** What exists for this companion beside its own process. */
  async leftovers(): Promise<string[]> {
    const { home } = this;
    const directories = await readdir(join(home, 'environments')).catch(() => []);
    return [
      ...(await leftoversOf({ home, dockerSocket: this.#dockerSocket, pid: this.pid })),
      ...directories.map((name) => `directory environments/${name}`),
    ];
  }

  /** Waits until nothing but the companion itself is there. Rejects with what stays. */
  async hasNothingLeft(): Promise<void> {
    await untilEmpty(() => this.leftovers(), TERMINATION_DEADLINE_MS);
  }

  /** Ends it in the orderly way and removes its state. Rejects when something it started is still there. */
  async stop(): Promise<void> {
    await this.#serving.child.stop();
    if (await isRunning(this.pid)) process.kill(this.pid, 'SIGTERM');
    await waitUntil(async () => !(await isRunning(this.pid)), {
      what: 'the companion to end',
      deadlineMs: STOP_DEADLINE_MS,
    });
    // What ends by itself when its parent is gone takes a moment longer.
    const place = { home: this.home, dockerSocket: this.#dockerSocket };
    await untilEmpty(() => leftoversOf(place), AFTERMATH_DEADLINE_MS);
    const postgres = await postgresPlace(this.home);
    if (postgres) await rm(postgres.directory, { recursive: true, force: true, maxRetries: 5 });
    await new PostgresProvider({ directory: join(this.home, 'databases', 'postgres') }).remove();
    await this.#lifetime.end();
  }

  async #ok(path: string, options?: CallOptions): Promise<unknown> {
    const response = await this.fetch(path, options);
    const text = await response.text();
    if (!response.ok) throw new Error(`${options?.method ?? 'GET'} ${path}: ${response.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }
}

/** Starts a companion with a private state directory and any free port. DOCKER_HOST in `env` gives it a daemon. */
export async function startCompanion({ env }: { env?: NodeJS.ProcessEnv } = {}): Promise<Companion> {
  const lifetime = new Lifetime();
  // Short: sockets below it have to fit into 108 bytes.
  const home = lifetime.own(await mkdtemp(join(tmpdir(), 'vt-')), (path) =>
    rm(path, { recursive: true, force: true, maxRetries: 5 }),
  );
  try {
    return new Companion(home, env ?? {}, lifetime, await startServe(home, env ?? {}));
  } catch (thrown) {
    await lifetime.end();
    throw thrown;
  }
}
