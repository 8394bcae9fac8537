import { basename } from 'node:path';

type Variables = Readonly<Record<string, string>>;

const POSTGRES_URL = /^(postgres(?:ql)?(?:\+\w+)?:\/\/)[^?\s]*(?:\?(\S*))?$/;
/** Of a URL's parameters, those that say how its server is reached. */
const WAY_PARAMETERS = ['host', 'port', 'user', 'password', 'dbname', 'ssl', 'channel_binding'];
const SQLITE_FILE =
  /^(file:(?:\/\/(?=\/))?|sqlite(?:\+\w+)?:(?:\/{2,3})?)?((?:[\w@.-]*\/)*[\w@.-]+\.(?:db|db3|sqlite|sqlite3))(?:\?\S*)?$/i;
/** Databases beside the one that the project works with. */
const OTHER_PURPOSE = /(?:^|_)(?:TEST|TESTS|TESTING|E2E|SHADOW|CACHE|SESSIONS?|QUEUE|LOGS?)(?:_|$)/;
/** Names that programs read without anybody having set them: what they fall back to is not there. */
const USUAL_PREFIXES = ['DB_', 'DATABASE_', 'POSTGRES_', 'POSTGRESQL_', 'TYPEORM_'];
const HOST_NAME = /^(\w*(?:DB|DATABASE|PG|POSTGRES|POSTGRESQL)_)HOST(?:NAME)?$/;
const MYSQL_PORT = '3306';

/**
 * The environment's database under the names, and in the form, in which the project's env files speak of theirs:
 * `POSTGRES_URL`, `DB_HOST` and its like, `postgresql+psycopg://…`, `sqlite:///app.db`, a plain path. `database` is what
 * the engine tells by itself. Without this a service would look for the database of the developer's machine.
 */
export function databaseNames(database: Variables, project: Variables): Record<string, string> {
  const { DATABASE_URL: url, DATABASE_PATH: path } = database;
  if (path !== undefined) return fileNames(path, project);
  return url?.startsWith('postgres') ? { ...urlNames(url, project), ...partNames(database, project) } : {};
}

function urlNames(url: string, project: Variables): Record<string, string> {
  const names: Record<string, string> = {};
  for (const [name, value] of Object.entries(project)) {
    const [, scheme, query] = POSTGRES_URL.exec(value) ?? [];
    if (scheme === undefined || OTHER_PURPOSE.test(name)) continue;
    const kept = new URLSearchParams(query);
    for (const key of [...kept.keys()])
      if (WAY_PARAMETERS.includes(key) || key.startsWith('ssl')) kept.delete(key);
    names[name] = scheme + url.slice(url.indexOf('://') + 3) + (kept.size > 0 ? `?${kept}` : '');
  }
  return names;
}

/** Host, port, user, password and name, each in a variable of its own. */
function partNames(database: Variables, project: Variables): Record<string, string> {
  const { PGHOST = '', PGPORT = '', PGUSER = '', PGPASSWORD = '', PGDATABASE = '' } = database;
  const told = Object.keys(project).flatMap((name) => HOST_NAME.exec(name)?.[1] ?? []);
  const names: Record<string, string> = {};
  for (const prefix of new Set([...USUAL_PREFIXES, ...told])) {
    if (OTHER_PURPOSE.test(prefix) || project[`${prefix}PORT`] === MYSQL_PORT) continue;
    const say = (value: string, ...parts: string[]) => {
      for (const part of parts) names[prefix + part] = value;
    };
    say(PGHOST, 'HOST', 'HOSTNAME');
    say(PGPORT, 'PORT');
    say(PGUSER, 'USER', 'USERNAME');
    say(PGPASSWORD, 'PASSWORD', 'PASS');
    say(PGDATABASE, 'NAME', 'DATABASE', 'DB');
    if (`${prefix}SSL` in project) say('false', 'SSL');
    if (`${prefix}SSLMODE` in project) say('disable', 'SSLMODE');
  }
  return names;
}

/** Where the project has several files, only the one of its DATABASE_URL: which of the others is meant cannot be told. */
function fileNames(path: string, project: Variables): Record<string, string> {
  const found = Object.entries(project).flatMap(([name, value]) => {
    const [, scheme = '', file] = SQLITE_FILE.exec(value) ?? [];
    return file === undefined || OTHER_PURPOSE.test(name) ? [] : [{ name, scheme, file: basename(file) }];
  });
  const main = found.find(({ name }) => name === 'DATABASE_URL') ?? found[0];
  const areOne = found.every(({ file }) => file === main?.file);
  if (!areOne && main?.name !== 'DATABASE_URL') return {};
  return Object.fromEntries(
    found.filter(({ file }) => file === main?.file).map(({ name, scheme }) => [name, scheme + path]),
  );
}
