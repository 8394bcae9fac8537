import { chown, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Account, serverAccount } from './account.ts';

/** A path of a unix socket may have 107 bytes on Linux, 103 on macOS. */
const MAX_SOCKET_PATH_BYTES = 100;
/** Only part of the socket's name: there is no such port. */
export const SOCKET_PORT = 5432;
/** A companion that is root has a home that the server's account cannot enter. */
const ROOT_PARENT = '/var/lib/vitrine';

/** Where an embedded server keeps what it needs. */
export interface ServerPlace {
  directory: string;
  account: Account | null;
}

/** The place that belongs to a state directory; it need not exist yet. */
export async function serverPlace(directory: string, instance: string): Promise<ServerPlace> {
  const account = await serverAccount();
  return { account, directory: account ? join(ROOT_PARENT, instance) : join(directory, 'server') };
}

export async function makePlace({ directory, account }: ServerPlace): Promise<void> {
  if (account) await mkdir(ROOT_PARENT, { recursive: true, mode: 0o755 });
  // The account enters it, and finds in it only what is its own.
  await mkdir(directory, { recursive: true, mode: account ? 0o711 : 0o700 });
}

/** Makes a directory for the server's account alone. */
export async function makeOwnDirectory(path: string, account: Account | null): Promise<void> {
  await mkdir(path, { recursive: true, mode: 0o700 });
  if (account) await chown(path, account.uid, account.gid);
}

/** Makes the directory of the socket: below the place, or where its path is short enough. */
export async function makeSocketDirectory(place: ServerPlace): Promise<string> {
  await removeSocketDirectory(place);
  const own = join(place.directory, 'run');
  if (Buffer.byteLength(socketFile(own)) <= MAX_SOCKET_PATH_BYTES) {
    await makeOwnDirectory(own, place.account);
    return own;
  }
  const short = await mkdtemp(join(tmpdir(), 'vitrine-pg-'));
  await writeFile(join(place.directory, 'socket-directory'), short, { mode: 0o600 });
  await makeOwnDirectory(short, place.account);
  return short;
}

/** Only while no server runs on it. */
export async function removeSocketDirectory({ directory }: ServerPlace): Promise<void> {
  await rm(join(directory, 'run'), { recursive: true, force: true });
  const note = join(directory, 'socket-directory');
  const short = await readFile(note, 'utf8').catch(() => '');
  if (short.startsWith(join(tmpdir(), 'vitrine-pg-'))) await rm(short, { recursive: true, force: true });
  await rm(note, { force: true });
}

export const socketFile = (directory: string) => join(directory, `.s.PGSQL.${SOCKET_PORT}`);
