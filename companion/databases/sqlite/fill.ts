import { readFile, stat } from 'node:fs/promises';
import sqlite3 from 'sqlite3';
import { VitrineError } from '#shared/errors.ts';
import { type Template, templateError } from '../templates/file.ts';
import { cloneSqlite } from './clone.ts';
import { withDatabase } from './connection.ts';

/** Larger scripts belong into a database file. */
const MAX_SCRIPT_BYTES = 256 * 1024 * 1024;

/** Makes `path` from a database file or a script. Throws DATABASE_TEMPLATE_INVALID, which names the template. */
export async function fillFrom(template: Template, path: string, signal: AbortSignal): Promise<void> {
  try {
    if (template.kind === 'script') await runScript(template, path, signal);
    else await cloneSqlite(template.path, path, signal);
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof VitrineError) throw error;
    const why = error instanceof Error ? error.message : String(error);
    throw templateError(template.name, `could not be used: ${why}`, error);
  }
}

async function runScript(template: Template, path: string, signal: AbortSignal): Promise<void> {
  if ((await stat(template.path)).size > MAX_SCRIPT_BYTES)
    throw templateError(template.name, 'is larger than 256 MB');
  const script = await readFile(template.path, { encoding: 'utf8', signal });
  const mode = sqlite3.OPEN_READWRITE | sqlite3.OPEN_CREATE;
  await withDatabase(path, mode, script, signal, { mayAttach: false });
}
