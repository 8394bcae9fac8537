import { mkdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const DEFAULT_FILE = join(import.meta.dirname, '../data/guestbook.sqlite');

/** @typedef {{ author: string; text: string }} NewNote */

/** The notes in the database that `url` names: `file:/a/path`, `sqlite:/a/path` or a plain path. */
export function openNotes(url = DEFAULT_FILE) {
  const file = url.replace(/^(?:sqlite3?|file):(?:\/\/)?/, '');
  mkdirSync(dirname(file), { recursive: true });
  const database = new DatabaseSync(file);
  database.exec(readFileSync(join(import.meta.dirname, 'schema.sql'), 'utf8'));
  const all = database.prepare('SELECT id, author, text, created_at AS createdAt FROM notes ORDER BY id DESC');
  const insert = database.prepare(
    'INSERT INTO notes (author, text) VALUES (?, ?) RETURNING id, author, text, created_at AS createdAt',
  );
  return {
    list: () => all.all(),
    add: (/** @type {NewNote} */ { author, text }) => insert.get(author, text),
    close: () => database.close(),
  };
}

/**
 * Returns the note a request holds, or a sentence that says what is wrong with it.
 *
 * @param {string} body
 * @returns {NewNote | string}
 */
export function parseNote(body) {
  /** @type {unknown} */
  let value;
  try {
    value = JSON.parse(body);
  } catch {
    return 'The request is not JSON.';
  }
  if (typeof value !== 'object' || value === null) return 'The request is not an object.';
  const { author, text } = /** @type {Record<string, unknown>} */ (value);
  if (typeof text !== 'string' || !text.trim() || text.length > 500) return 'A note has 1 to 500 characters.';
  if (typeof author !== 'string' || !author.trim() || author.length > 60) return 'A name has 1 to 60 characters.';
  return { author: author.trim(), text: text.trim() };
}
