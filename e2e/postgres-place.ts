import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ADMIN_ROLE } from '../companion/databases/postgres/embedded/cluster.ts';
import { serverPlace } from '../companion/databases/postgres/embedded/place.ts';
import { Names } from '../companion/databases/postgres/names.ts';
import { Secret } from '../companion/databases/postgres/secret.ts';

/** The embedded PostgreSQL server of a companion. */
export interface PostgresPlace {
  /** Below the state directory; elsewhere for a companion that is root, which the server must not be. */
  directory: string;
  names: Names;
  admin: { user: string; password: string };
}

/** Null where a companion never made one. */
export async function postgresPlace(home: string): Promise<PostgresPlace | null> {
  const own = join(home, 'databases/postgres');
  if (!(await stat(join(own, 'secret')).catch(() => null))) return null;
  const names = new Names(await Secret.load(own));
  const { directory } = await serverPlace(own, names.instance);
  return { directory, names, admin: { user: ADMIN_ROLE, password: names.password(ADMIN_ROLE) } };
}
