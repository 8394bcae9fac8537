import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

const file = resolve(process.argv[2] ?? join(import.meta.dirname, '../data/guestbook.sqlite'));
mkdirSync(resolve(file, '..'), { recursive: true });
rmSync(file, { force: true });
const database = new DatabaseSync(file);
for (const script of ['schema.sql', 'seed.sql']) {
  database.exec(readFileSync(join(import.meta.dirname, script), 'utf8'));
}
database.close();
