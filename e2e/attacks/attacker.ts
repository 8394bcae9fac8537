import { z } from 'zod';
import type { Isolation } from '#shared/api/environment.ts';
import type { Companion } from '../companion.ts';

/** What the hostile program says of its tries. Anything but these outcomes is a success of the attack. */
const outcome = z.string();
const connection = z.object({ outcome, answer: z.string() });
const tcpSchema = z.array(connection.extend({ host: z.string(), port: z.number() }));
const socketsSchema = z.array(connection.extend({ path: z.string() }));
const namesSchema = z.array(z.object({ name: z.string(), outcome, answer: z.string().optional() }));
const proxiedSchema = z.array(
  z.object({
    url: z.string(),
    plain: outcome,
    plainBody: z.string(),
    tunnel: outcome,
    tunnelBody: z.string(),
  }),
);
const filesSchema = z.array(z.object({ target: z.unknown(), outcome, answer: z.string().nullish() }));
const touchedSchema = z.array(
  z.object({
    pid: z.number(),
    command: z.string(),
    signal: outcome,
    memory: outcome,
    environment: outcome,
    root: outcome,
  }),
);
const commandsSchema = z.array(
  z.object({
    command: z.string(),
    code: z.number().nullable(),
    signal: z.string().nullable(),
    output: z.string(),
  }),
);
const forksSchema = z.object({ forked: z.number(), refused: z.string().nullable() });
const memorySchema = z.object({ exit: z.number().nullable(), signal: z.string().nullable() });
const diskSchema = z.object({ writtenMb: z.number(), refused: z.string().nullable() });
const databaseSchema = z.object({ url: z.string().nullable(), path: z.string().nullable() });
const sessionsSchema = z.array(
  z.object({
    user: z.string(),
    database: z.string(),
    outcome,
    answers: z
      .array(
        z.object({ query: z.string(), rows: z.array(z.string().nullable()), error: z.string().nullable() }),
      )
      .optional(),
  }),
);

export interface TcpTarget {
  host: string;
  port: number;
}
export interface ProxyTarget {
  /** As it is written in the request: nothing is normalised. */
  authority: string;
  path?: string;
}
export interface PostgresLogin {
  user?: string;
  password?: string;
  database?: string;
  options?: Record<string, string>;
}

/** An environment whose backend is the hostile program. */
export class Attacker {
  readonly id: string;
  readonly worktree: string;
  readonly isolation: Isolation;
  readonly #companion: Companion;

  constructor(companion: Companion, place: { id: string; worktree: string; isolation: Isolation }) {
    this.#companion = companion;
    this.id = place.id;
    this.worktree = place.worktree;
    this.isolation = place.isolation;
  }

  connectTcp(targets: TcpTarget[], say?: string) {
    return this.#attack('connectTcp', { targets, say }, tcpSchema);
  }
  connectSockets(paths: string[], say?: string) {
    return this.#attack('connectSockets', { paths, say }, socketsSchema);
  }
  resolveNames(names: string[]) {
    return this.#attack('resolveNames', { names }, namesSchema);
  }
  throughProxy(targets: ProxyTarget[]) {
    return this.#attack('throughProxy', { targets }, proxiedSchema);
  }
  listeningPorts() {
    return this.#attack('listeningPorts', {}, z.array(z.number()));
  }
  readPaths(paths: string[]) {
    return this.#attack('readPaths', { paths }, filesSchema);
  }
  plantFiles(directories: string[], name: string) {
    return this.#attack('plantFiles', { directories, name }, filesSchema);
  }
  openForWriting(paths: string[]) {
    return this.#attack('openForWriting', { paths }, filesSchema);
  }
  makeLinks(links: { at: string; to: string }[]) {
    return this.#attack('makeLinks', { links }, filesSchema);
  }
  makeHardLinks(links: { at: string; to: string }[]) {
    return this.#attack('makeHardLinks', { links }, filesSchema);
  }
  seeProcesses() {
    return this.#attack('seeProcesses', {}, z.array(z.string()));
  }
  touchProcesses(pids: number[]) {
    return this.#attack('touchProcesses', { pids }, touchedSchema);
  }
  runCommands(commands: string[]) {
    return this.#attack('runCommands', { commands, cwd: this.worktree }, commandsSchema);
  }
  forkBomb() {
    return this.#attack('forkBomb', {}, z.object({ started: z.literal(true) }));
  }
  countForks(most: number) {
    return this.#attack('countForks', { most }, forksSchema);
  }
  eatMemory(mostMb: number) {
    return this.#attack('eatMemory', { most: mostMb }, memorySchema);
  }
  /** `keep` leaves the files for watchers that look later. */
  fillDisk(directory: string, mostMb: number, keep = false) {
    return this.#attack('fillDisk', { directory, most: mostMb, keep }, diskSchema);
  }
  floodLog(bytes: number, seconds: number) {
    return this.#attack('floodLog', { bytes, seconds }, z.object({ written: z.number() }));
  }
  ownDatabase() {
    return this.#attack('ownDatabase', {}, databaseSchema);
  }
  queryPostgres(logins: PostgresLogin[], queries: string[] = []) {
    return this.#attack('queryPostgres', { logins, queries }, sessionsSchema);
  }

  async #attack<T>(attack: string, input: unknown, schema: z.ZodType<T>): Promise<T> {
    const { status, body } = await this.#companion.request(this.id, {
      path: '/api/attack',
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ attack, input }),
      deadlineMs: 120_000,
    });
    if (status !== 200) throw new Error(`${attack}: ${status} ${body.slice(0, 2_000)}`);
    const answer: unknown = JSON.parse(body);
    const failed = z.object({ failed: z.string() }).safeParse(answer);
    if (failed.success) throw new Error(`The hostile program itself failed: ${failed.data.failed}`);
    return schema.parse(answer);
  }
}
