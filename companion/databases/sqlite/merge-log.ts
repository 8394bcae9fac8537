import { open } from 'node:fs/promises';
import sqlite3 from 'sqlite3';
import { withDatabase } from './connection.ts';

/** Last bytes of a journal that names a super-journal (sqlite.org/src, pager.c, readSuperJournal). */
const JOURNAL_MAGIC = Buffer.from('d9d505f920a163d7', 'hex');

/** Makes a copy of a database and its log or journal one file. The copy must be out of everyone's reach. */
export async function mergeLog(path: string, signal: AbortSignal): Promise<void> {
  // SQLite would remove the file named there, which whoever wrote the journal may have chosen.
  if (await namesSuperJournal(`${path}-journal`))
    throw new Error('it was left in the middle of a transaction over several database files');
  const sql = 'PRAGMA wal_checkpoint(TRUNCATE); PRAGMA schema_version;';
  await withDatabase(path, sqlite3.OPEN_READWRITE, sql, signal, { mayAttach: false });
}

async function namesSuperJournal(path: string): Promise<boolean> {
  const file = await open(path, 'r').catch(() => null);
  if (!file) return false;
  try {
    const { size } = await file.stat();
    const { buffer } = await file.read(Buffer.alloc(8), 0, 8, Math.max(0, size - 8));
    return buffer.equals(JOURNAL_MAGIC);
  } finally {
    await file.close();
  }
}
