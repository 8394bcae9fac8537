import { readFile } from 'node:fs/promises';
import { unavailable } from './package.ts';

export interface Account {
  uid: number;
  gid: number;
}

/** PostgreSQL refuses to run as root: whom a companion that is root runs it as. Null for any other companion. */
export async function serverAccount(): Promise<Account | null> {
  if (process.getuid?.() !== 0) return null;
  const users = await readFile('/etc/passwd', 'utf8').catch(() => '');
  // initdb wants an account with a name.
  const fields = users
    .split('\n')
    .find((line) => line.startsWith('nobody:'))
    ?.split(':');
  const [uid, gid] = [Number(fields?.[2]), Number(fields?.[3])];
  if (!fields || !Number.isInteger(uid) || !Number.isInteger(gid))
    throw unavailable('The embedded PostgreSQL server cannot run as root, and there is no account "nobody"');
  return { uid: uid >>> 0, gid: gid >>> 0 };
}
