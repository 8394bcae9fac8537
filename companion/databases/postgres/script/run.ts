import { readFile, stat } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { Client, ClientConfig } from 'pg';
import { type Template, templateError } from '../../templates/file.ts';
import { loadPg } from '../load-pg.ts';
import { MetaCommandError, type ScriptPart, splitScript } from './split.ts';

/** Larger ones belong on a server of the user's, as a database to take the template from. */
const MAX_SCRIPT_BYTES = 256 * 1024 * 1024;
const STATEMENT_DEADLINE_MS = 10 * 60_000;
const COPY_CHUNK = 64 * 1024;
/** A role or setting that is not there; a right that is missing. */
const MISSING = new Set(['42704', '42501', '42P06']);
/** The server is ending, full or out of reach: not the script's fault. */
const SERVERS_OWN = /^(?:08|53|57P|58|XX|E)/;
/**
 * What pg_dump writes about roles and rights of the server it came from, and psql passes over with an error: here one
 * role owns everything.
 */
const ABOUT_OTHERS =
  /^(?:alter\s[\s\S]*\sowner\s+to\s|grant\s|revoke\s|alter\s+default\s+privileges\s|comment\s+on\s+extension\s|create\s+schema\s+(?:if\s+not\s+exists\s+)?"?public"?\s*$|comment\s+on\s+schema\s+"?public"?\s|set\s+\w+\s*=|set\s+session\s+authorization\s)/i;

/** Runs a dump as the role that `config` names. Throws DATABASE_TEMPLATE_INVALID, with the statement's line. */
export async function runScript(dump: Template, config: ClientConfig, signal: AbortSignal): Promise<void> {
  if ((await stat(dump.path)).size > MAX_SCRIPT_BYTES)
    throw templateError(dump.name, 'is larger than 256 MB');
  const script = await readFile(dump.path, { encoding: 'utf8', signal });
  const { Client } = await loadPg();
  const client = new Client({
    ...config,
    statement_timeout: STATEMENT_DEADLINE_MS,
    connectionTimeoutMillis: 10_000,
  });
  client.on('error', () => undefined); // the statement that is going on rejects
  // The server notices a closed connection, and ends what it does for it.
  const onAbort = () => void client.end().catch(() => undefined);
  signal.throwIfAborted();
  signal.addEventListener('abort', onAbort, { once: true });
  try {
    await client.connect();
    await runParts(dump, script, client, signal);
  } finally {
    signal.removeEventListener('abort', onAbort);
    await client.end().catch(() => undefined); // it may be closed already
  }
}

async function runParts(dump: Template, script: string, client: Client, signal: AbortSignal): Promise<void> {
  try {
    for (const part of splitScript(script)) {
      signal.throwIfAborted();
      await runPart(dump, part, client, signal);
    }
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof MetaCommandError)) throw error;
    const remedy = /^\\c/.test(error.command)
      ? 'Make the dump without --create and --clean.'
      : 'Remove that line.';
    throw templateError(dump.name, `could not be used: ${error.message}`, error, remedy);
  }
}

async function runPart(
  dump: Template,
  { sql, line, copy }: ScriptPart,
  client: Client,
  signal: AbortSignal,
): Promise<void> {
  try {
    if (copy === null) await client.query(sql);
    else await copyRows(client, sql, copy, signal);
  } catch (error) {
    signal.throwIfAborted();
    const { code, message } = error as Error & { code?: string };
    if (code !== undefined && MISSING.has(code) && ABOUT_OTHERS.test(sql)) return;
    if (code === undefined || SERVERS_OWN.test(code)) throw error;
    throw templateError(
      dump.name,
      `could not be used: ${message} (line ${line}: ${sql.slice(0, 120).replace(/\s+/g, ' ')})`,
      error,
      'Correct the script; it runs as an ordinary role that owns an empty database.',
    );
  }
}

async function copyRows(client: Client, sql: string, rows: string, signal: AbortSignal): Promise<void> {
  const { from } = await import('pg-copy-streams');
  await pipeline(Readable.from(chunksOf(rows)), client.query(from(sql)), { signal });
}

function* chunksOf(text: string): Generator<Buffer> {
  for (let at = 0; at < text.length; ) {
    let end = Math.min(at + COPY_CHUNK, text.length);
    // Not between the two halves of a character.
    const last = text.charCodeAt(end - 1);
    if (end < text.length && last >= 0xd800 && last < 0xdc00) end += 1;
    yield Buffer.from(text.slice(at, end));
    at = end;
  }
}
