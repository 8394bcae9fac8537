import { createHash } from 'node:crypto';
import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import Docker from 'dockerode';
import pg from 'pg';
import sqlite3 from 'sqlite3';
import { readLabel } from '../../companion/databases/postgres/names.ts';
import { ENVIRONMENT_LABEL, HOME_LABEL, homeLabelValue } from '../../companion/runtimes/docker/labels.ts';
import { controlGroups, loopFilesBelow, mountsBelow, processesNaming, socketsBelow } from '../leftovers.ts';
import { postgresPlace } from '../postgres-place.ts';
import type { World } from './world.ts';

const DOCKER_DEADLINE_MS = 20_000;

/**
 * Looks at everything a companion makes, wherever that is, and returns what does not fit: things of environments that
 * the registry does not know, environments of the registry without their things, and things that exist twice.
 */
export async function takeCensus(world: World): Promise<string[]> {
  const { companion } = world;
  const listed = await companion.environments();
  const known = new Set(listed.map(({ id }) => id));
  const faults: string[] = [];
  const recorded = await recordedIds(join(companion.home, 'vitrine.sqlite'));
  for (const id of recorded)
    if (!known.has(id)) faults.push(`the registry has ${id}, the companion does not`);
  for (const id of known)
    if (!recorded.has(id)) faults.push(`the companion has ${id}, the registry does not`);
  const alive = new Set(listed.filter(({ status }) => isAlive(status)).map(({ id }) => id));
  const on = (runtime: string) =>
    new Set(listed.filter((each) => each.runtime === runtime && alive.has(each.id)).map(({ id }) => id));
  faults.push(
    ...(await lookAtProcesses(world, known, on('process'))),
    ...(await lookAtFiles(world, known)),
    ...(await lookAtContainers(world, on('docker'), known)),
    ...(await lookAtDatabases(
      world,
      new Set(listed.filter(({ database }) => database === 'postgres').map(({ id }) => id)),
    )),
  );
  return faults;
}

const isAlive = (status: string) => status === 'running' || status === 'suspended';

async function lookAtProcesses(
  { companion }: World,
  known: Set<string>,
  sandboxed: Set<string>,
): Promise<string[]> {
  const faults: string[] = [];
  const sandboxes = new Map<string, number>();
  for (const { pid, command, names } of await processesNaming(companion.home)) {
    if (pid === companion.pid) continue;
    const ids = new Set(names.flatMap((name) => /^(?:environments|run)\/([a-z0-9-]+)/.exec(name)?.[1] ?? []));
    for (const id of ids) {
      if (!known.has(id)) faults.push(`process ${pid} of the unknown ${id}: ${command}`);
      if (command.startsWith('bwrap ')) sandboxes.set(id, (sandboxes.get(id) ?? 0) + 1);
    }
  }
  for (const id of sandboxed) if (!sandboxes.has(id)) faults.push(`${id} runs without a sandbox`);
  // bubblewrap is two processes, the one outside and the first one inside.
  for (const [id, count] of sandboxes)
    if (count > 2) faults.push(`${id} has ${count} processes of bubblewrap`);
  const prefix = `${createHash('sha256').update(join(companion.home, 'runtime')).digest('hex').slice(0, 12)}-`;
  for (const name of await controlGroups(prefix)) {
    if (![...known].some((id) => name.startsWith(`${prefix}${id}-`))) faults.push(`control group ${name}`);
  }
  return faults;
}

async function lookAtFiles({ companion, temporary }: World, known: Set<string>): Promise<string[]> {
  const { home } = companion;
  const faults: string[] = [];
  for (const parent of ['environments', 'run', 'databases/sqlite/snapshots']) {
    for (const name of await readdir(join(home, parent)).catch(() => [])) {
      if (!known.has(name)) faults.push(`directory ${parent}/${name}`);
    }
  }
  for (const id of known) {
    if (!(await readdir(join(home, 'environments', id)).catch(() => null)))
      faults.push(`${id} has no directory`);
  }
  const places = [
    ...(await socketsBelow(home)),
    ...(await mountsBelow(home)),
    ...(await loopFilesBelow(home)),
  ];
  for (const path of places) {
    const id = environmentIn(path, home);
    if (id === undefined || !known.has(id)) faults.push(`socket, mount or loop device ${path}`);
  }
  for (const name of await readdir(temporary)) faults.push(`temporary ${name}`);
  return faults;
}

async function lookAtContainers(
  { companion, docker }: World,
  contained: Set<string>,
  known: Set<string>,
): Promise<string[]> {
  const faults: string[] = [];
  const engine = new Docker({ socketPath: docker.socketPath, timeout: DOCKER_DEADLINE_MS });
  const home = homeLabelValue(join(companion.home, 'runtime'));
  const gateways = new Map<string, number>();
  for (const { Id, Labels, Names, State } of await engine.listContainers({ all: true })) {
    const id = Labels[ENVIRONMENT_LABEL] ?? '';
    const what = `container ${Id.slice(0, 12)} (${Names.join(' ')}, ${State})`;
    if (Labels[HOME_LABEL] !== home || !known.has(id)) faults.push(`${what} of nobody`);
    else if (!contained.has(id)) faults.push(`${what} of ${id}, which does not run`);
    if (Names.some((name) => name.endsWith('-pod'))) gateways.set(id, (gateways.get(id) ?? 0) + 1);
  }
  for (const id of contained)
    if (gateways.get(id) !== 1) faults.push(`${id} has ${gateways.get(id) ?? 0} gateways`);
  const { Volumes } = await engine.listVolumes();
  for (const { Name, Labels } of Volumes ?? []) {
    const id = Labels?.[ENVIRONMENT_LABEL] ?? '';
    if (!contained.has(id)) faults.push(`volume ${Name} of ${id || 'nobody'}`);
  }
  for (const { Name } of await engine.listNetworks()) {
    if (!['bridge', 'host', 'none'].includes(Name)) faults.push(`network ${Name}`);
  }
  return faults;
}

/** Databases and roles on the embedded server, by the names that its environments have. */
async function lookAtDatabases({ companion }: World, withDatabase: Set<string>): Promise<string[]> {
  const place = await postgresPlace(companion.home);
  const socket = place && (await socketsBelow(place.directory)).find((path) => path.includes('.s.PGSQL.'));
  if (!place || !socket) return [];
  const client = new pg.Client({
    host: join(socket, '..'),
    port: Number(socket.split('.').at(-1)),
    database: 'postgres',
    ...place.admin,
  });
  await client.connect();
  try {
    const { rows: databases } = await client.query<{ name: string; comment: string | null }>(
      `SELECT datname AS name, shobj_description(oid, 'pg_database') AS comment FROM pg_database WHERE NOT datistemplate OR datname LIKE 'vitrine%'`,
    );
    const { rows: roles } = await client.query<{ name: string }>(
      `SELECT rolname AS name FROM pg_roles WHERE rolname LIKE 'vitrine\\_%'`,
    );
    const names = new Map([...withDatabase].map((id) => [place.names.environment(id), id]));
    const faults: string[] = [];
    const templateRoles = new Set<string>([place.admin.user]);
    for (const { name, comment } of databases) {
      if (name === 'postgres') continue;
      const label = readLabel(comment, place.names.instance);
      const kind = label?.kind;
      if (kind === 'template') templateRoles.add(label?.role ?? '');
      const owner = [...names.keys()].find((own) => name === own || name.startsWith(`${own}_s`));
      if (kind !== 'template' && owner === undefined) faults.push(`database ${name} (${kind ?? 'no label'})`);
    }
    const own = new Set(databases.map(({ name }) => name));
    for (const [name, id] of names) if (!own.has(name)) faults.push(`${id} has no database`);
    for (const { name } of roles) {
      if (!templateRoles.has(name) && !names.has(name)) faults.push(`role ${name}`);
    }
    return faults;
  } finally {
    await client.end();
  }
}

/** The environment whose private directory or sockets a path or command line names. */
function environmentIn(text: string, home: string): string | undefined {
  const at = text.indexOf(`${home}/`);
  if (at < 0) return undefined;
  return new RegExp(`${home}/(?:environments|run)/([a-z0-9-]+)`).exec(text)?.[1];
}

function recordedIds(path: string): Promise<Set<string>> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, sqlite3.OPEN_READONLY, (failure) => {
      if (failure) return reject(failure);
      database.all<{ id: string }>('SELECT id FROM environments', (error, rows) => {
        database.close(() => (error ? reject(error) : resolve(new Set(rows.map(({ id }) => id)))));
      });
    });
  });
}
