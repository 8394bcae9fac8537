import { Sqlite } from './sqlite.ts';

/**
 * Takes a lock for this process, or resolves null while another one has it. Resolves with the way to let go.
 *
 * The lock is SQLite's own on an empty database: the kernel lets go of it when its holder dies, however that comes
 * about. A file that names its holder cannot be taken over without a moment in which two may do so.
 */
export async function tryLock(path: string): Promise<(() => Promise<void>) | null> {
  const sqlite = await Sqlite.open(path);
  try {
    await sqlite.exec('PRAGMA busy_timeout = 0; BEGIN EXCLUSIVE');
  } catch (error) {
    await sqlite.close();
    if ((error as NodeJS.ErrnoException).code === 'SQLITE_BUSY') return null;
    throw error;
  }
  return () => sqlite.close();
}
