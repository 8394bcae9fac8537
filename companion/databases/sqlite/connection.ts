import sqlite3 from 'sqlite3';

/** How long a template may take to be cloned or a script to run. 100 MB take 0.3 s. */
const DEADLINE_MS = 60_000;
const BUSY_TIMEOUT_MS = 10_000;

/** Opens a database file, does one thing, and closes it; interrupted on abort or after a minute. */
export async function withDatabase(
  path: string,
  mode: number,
  sql: string,
  signal: AbortSignal,
  options: { mayAttach: boolean },
): Promise<void> {
  const stop = AbortSignal.any([signal, AbortSignal.timeout(DEADLINE_MS)]);
  stop.throwIfAborted();
  const database = await open(path, mode);
  const onAbort = () => database.interrupt();
  try {
    database.configure('busyTimeout', BUSY_TIMEOUT_MS);
    // ATTACH and VACUUM INTO would let a script write files anywhere on this machine.
    if (!options.mayAttach) database.configure('limit', sqlite3.LIMIT_ATTACHED, 0);
    stop.addEventListener('abort', onAbort, { once: true });
    await execute(database, sql);
  } catch (error) {
    stop.throwIfAborted();
    throw error;
  } finally {
    stop.removeEventListener('abort', onAbort);
    await close(database);
  }
}

/** Keeps everyone from changing what a reader sees now, in either journal mode, while `work` runs. */
export async function whileReading<T>(path: string, signal: AbortSignal, work: () => Promise<T>): Promise<T> {
  signal.throwIfAborted();
  const database = await open(path, sqlite3.OPEN_READONLY);
  try {
    database.configure('busyTimeout', BUSY_TIMEOUT_MS);
    await execute(database, 'BEGIN; SELECT count(*) FROM sqlite_schema;');
    return await work();
  } finally {
    await close(database);
  }
}

const execute = (database: sqlite3.Database, sql: string) =>
  new Promise<void>((resolve, reject) => database.exec(sql, (error) => (error ? reject(error) : resolve())));

const close = (database: sqlite3.Database) => new Promise<void>((resolve) => database.close(() => resolve()));

function open(path: string, mode: number): Promise<sqlite3.Database> {
  return new Promise((resolve, reject) => {
    const database = new sqlite3.Database(path, mode, (error) => (error ? reject(error) : resolve(database)));
  });
}

/** A path as an SQL string. */
export const quoted = (path: string) => `'${path.replaceAll("'", "''")}'`;
