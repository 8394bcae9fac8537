import { chmod, lstat, mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Longest path of a unix socket on Linux is 107 bytes, on macOS 103. */
const MAX_SOCKET_PATH_BYTES = 100;

/**
 * Where a pod's gateway socket is. The gateway makes it in a directory shown to the pod; `take` moves it out of
 * there before any service runs, so that none can put something else in its place.
 */
export interface SocketPlace {
  /** Directory the gateway may write to. */
  shared: string;
  /** Directory for the companion's outlet sockets, which the gateway sees read-only. */
  outlets: string;
  /** The socket for the companion. */
  socket: string;
  /** Directory outside the run directory, where that one's path is too long for sockets. */
  extraDirectory: string | null;
  take(): Promise<void>;
  /** Removes it all, the run directory included. */
  remove(): Promise<void>;
}

const SOCKET_NAME = 'gateway.sock';
/** The longest path that is made below a socket directory. */
const LONGEST_NAME = 'outlets/database.sock';

/** With this mode whatever the umask is. */
async function makeDirectory(path: string, mode: number): Promise<void> {
  await mkdir(path);
  await chmod(path, mode);
}

/** Prepares it, without what an earlier pod left. */
export async function makeSocketPlace(runDirectory: string): Promise<SocketPlace> {
  await mkdir(runDirectory, { recursive: true, mode: 0o700 });
  const isShort = Buffer.byteLength(join(runDirectory, LONGEST_NAME)) <= MAX_SOCKET_PATH_BYTES;
  const directory = isShort ? runDirectory : await mkdtemp(join(tmpdir(), 'vitrine-socket-'));
  const shared = join(directory, 'inside');
  const outlets = join(directory, 'outlets');
  const socket = join(directory, SOCKET_NAME);
  await Promise.all([shared, outlets, socket].map((left) => rm(left, { recursive: true, force: true })));
  // The pod may run under another uid; the directory above keeps everyone else out.
  await chmod(directory, 0o700);
  await Promise.all([makeDirectory(shared, 0o777), makeDirectory(outlets, 0o755)]);
  return {
    shared,
    outlets,
    socket,
    extraDirectory: isShort ? null : directory,
    take: async () => {
      await rename(join(shared, SOCKET_NAME), socket);
      if (!(await lstat(socket)).isSocket()) throw new Error('Expected a socket from the gateway');
    },
    remove: async () => {
      for (const made of new Set([runDirectory, directory])) await rm(made, { recursive: true, force: true });
    },
  };
}
