import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { identify, type ProcessIdentity } from '../../../runtimes/process/identity.ts';
import { unlessAborted } from '../../unless-aborted.ts';
import { serverEnvironment } from './cluster.ts';
import { endServer } from './leftover.ts';
import { unavailable } from './package.ts';
import {
  makeSocketDirectory,
  removeSocketDirectory,
  type ServerPlace,
  SOCKET_PORT,
  socketFile,
} from './place.ts';

const READY_DEADLINE_MS = 60_000;
const KEPT_LINES = 30;

/**
 * Fifty environments with ten connections each, and room for one that takes fifty. Commits do not wait for the disk:
 * a crash may cost the last half second, never consistency, which `fsync=off` would.
 */
const SETTINGS: Record<string, string> = {
  max_connections: '1000',
  shared_buffers: '32MB',
  synchronous_commit: 'off',
  wal_level: 'minimal',
  max_wal_senders: '0',
  max_wal_size: '256MB',
  min_wal_size: '32MB',
  max_worker_processes: '4',
  max_parallel_workers_per_gather: '0',
  autovacuum_max_workers: '1',
  autovacuum_naptime: '5min',
  io_method: 'sync',
  jit: 'off',
  // One query that runs away must not fill the disk.
  temp_file_limit: '2GB',
  // Connections to databases that are gone are found out.
  tcp_keepalives_idle: '60',
  timezone: 'UTC',
  log_timezone: 'UTC',
  lc_messages: 'C',
  logging_collector: 'off',
  log_destination: 'stderr',
  log_min_messages: 'log',
  log_min_error_statement: 'panic',
  log_checkpoints: 'off',
};

export type ServerAddress = { path: string } | { host: string; port: number };

export interface RunningServer {
  address: ServerAddress;
  /** What a client's configuration says of it. */
  client: { host: string; port: number };
  /** Resolves with its last lines when it is over, however that came. */
  exited: Promise<string>;
  stop(): Promise<void>;
}

/** Starts the server and resolves when it accepts connections. A start that fails or is aborted leaves nothing. */
export async function launchServer(
  { place, programs, data }: { place: ServerPlace; programs: string; data: string },
  signal: AbortSignal,
): Promise<RunningServer> {
  const socket = await listenAt(place);
  const child = spawn(
    join(programs, 'bin', 'postgres'),
    [
      '-D',
      data,
      ...Object.entries({ ...SETTINGS, ...socket.settings }).flatMap(([key, value]) => [
        '-c',
        `${key}=${value}`,
      ]),
    ],
    {
      // Interrupting the terminal that a companion runs in is the companion's to deal with.
      detached: true,
      cwd: place.directory,
      env: serverEnvironment(),
      stdio: ['ignore', 'ignore', 'pipe'],
      windowsHide: true,
      ...place.account,
    },
  );
  const lines: string[] = [];
  const ready = Promise.withResolvers<void>();
  const exited = watchExit(child, lines, async () => {
    ready.reject(startFailure(lines));
    await removeSocketDirectory(place);
  });
  createInterface({ input: child.stderr }).on('line', (line) => {
    lines.push(line);
    if (lines.length > KEPT_LINES) lines.shift();
    if (line.includes('database system is ready to accept connections')) ready.resolve();
  });
  const identity = child.pid === undefined ? null : await identify(child.pid);
  const stop = () => stopServer(child, identity, exited);
  try {
    await unlessAborted(ready.promise, AbortSignal.any([signal, AbortSignal.timeout(READY_DEADLINE_MS)]));
  } catch (error) {
    await stop();
    throw error;
  }
  return { address: socket.address, client: socket.client, exited, stop };
}

/** Unix sockets where Node has them: nothing else of this machine can then knock. */
async function listenAt(place: ServerPlace) {
  if (process.platform === 'win32') {
    const port = await freePort();
    const host = '127.0.0.1';
    return {
      settings: { listen_addresses: host, port: String(port), unix_socket_directories: '' },
      address: { host, port },
      client: { host, port },
    };
  }
  const directory = await makeSocketDirectory(place);
  return {
    settings: { listen_addresses: '', port: String(SOCKET_PORT), unix_socket_directories: directory },
    address: { path: socketFile(directory) },
    client: { host: directory, port: SOCKET_PORT },
  };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function watchExit(child: ChildProcess, lines: string[], onExit: () => Promise<void>): Promise<string> {
  await new Promise<void>((resolve) => {
    child.once('exit', () => resolve());
    child.once('error', (error) => {
      lines.push(error.message);
      resolve();
    });
  });
  await onExit();
  return lines.join('\n');
}

async function stopServer(
  child: ChildProcess,
  identity: ProcessIdentity | null,
  exited: Promise<string>,
): Promise<void> {
  if (identity && child.exitCode === null && child.signalCode === null) await endServer(identity);
  await exited;
}

function startFailure(lines: string[]): Error {
  const why = lines.filter((line) => /FATAL|ERROR|PANIC|HINT|ENOENT|EACCES|denied/.test(line)).slice(-3);
  return unavailable(
    `The embedded PostgreSQL server did not start: ${(why.length > 0 ? why : lines.slice(-3)).join(' ')}`,
  );
}
