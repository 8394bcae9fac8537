import { execFile } from 'node:child_process';
import { chown, mkdir, readdir, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { unavailable } from './package.ts';
import { makeOwnDirectory, type ServerPlace } from './place.ts';

const INITDB_DEADLINE_MS = 60_000;
/** The role that only the companion is. */
export const ADMIN_ROLE = 'vitrine_admin';
/** The likeliest to sort as the project's server does; where a build lacks ICU, by code points. */
const LOCALES = [
  ['--locale-provider=icu', '--icu-locale=und'],
  ['--locale-provider=builtin', '--builtin-locale=C.UTF-8'],
];
/** Every way in wants a password, the administrator's too; none is for replication. */
const HOST_BASED_AUTHENTICATION = `local replication all reject
local all all scram-sha-256
host replication all all reject
host all all 127.0.0.1/32 scram-sha-256
`;

export interface ClusterOptions {
  place: ServerPlace;
  /** Directory of the programs. */
  programs: string;
  major: string;
  /** Of the administrator. */
  password: string;
}

/** Path of the data directory of a major version. */
export const dataDirectory = (place: ServerPlace, major: string) => join(place.directory, `data-${major}`);

/** Makes the data directory unless it is there, whole or not at all. Those of other versions go: clones of seeds. */
export async function makeCluster(options: ClusterOptions, signal: AbortSignal): Promise<string> {
  const data = dataDirectory(options.place, options.major);
  if (await stat(join(data, 'PG_VERSION')).catch(() => null)) return data;
  const partial = `${data}.partial`;
  const passwordFile = join(options.place.directory, 'password.partial');
  try {
    await initialize(options, partial, passwordFile, signal);
    await writeFile(join(partial, 'pg_hba.conf'), HOST_BASED_AUTHENTICATION);
    await rename(partial, data);
  } finally {
    await rm(passwordFile, { force: true });
    await rm(partial, { recursive: true, force: true });
  }
  for (const name of await readdir(options.place.directory))
    if (name.startsWith('data-') && join(options.place.directory, name) !== data)
      await rm(join(options.place.directory, name), { recursive: true, force: true });
  return data;
}

async function initialize(
  { place, programs, password }: ClusterOptions,
  directory: string,
  passwordFile: string,
  signal: AbortSignal,
): Promise<void> {
  await mkdir(place.directory, { recursive: true });
  await rm(passwordFile, { force: true });
  await writeFile(passwordFile, password, { mode: 0o600, flag: 'wx' });
  if (place.account) await chown(passwordFile, place.account.uid, place.account.gid);
  let failure: unknown;
  for (const locale of LOCALES) {
    await rm(directory, { recursive: true, force: true });
    await makeOwnDirectory(directory, place.account);
    const settings = [`--username=${ADMIN_ROLE}`, `--pwfile=${passwordFile}`, '--auth=scram-sha-256'];
    const format = ['--encoding=UTF8', '--locale=C', ...locale, '--no-instructions'];
    try {
      await promisify(execFile)(join(programs, 'bin', 'initdb'), ['-D', directory, ...settings, ...format], {
        env: serverEnvironment(),
        cwd: place.directory,
        signal,
        timeout: INITDB_DEADLINE_MS,
        windowsHide: true,
        ...place.account,
      });
      return;
    } catch (error) {
      signal.throwIfAborted();
      failure = error;
    }
  }
  const printed = (failure as { stderr?: string }).stderr?.trim().split('\n').slice(-3).join(' ');
  throw unavailable(
    `The embedded PostgreSQL server could not be set up: ${printed || String(failure)}`,
    failure,
  );
}

/** Nothing of ours: a server has no use for tokens and proxies. Windows finds its own libraries by these. */
export function serverEnvironment(): NodeJS.ProcessEnv {
  const names = process.platform === 'win32' ? ['SystemRoot', 'PATH', 'TEMP', 'TMP'] : ['PATH', 'TMPDIR'];
  return Object.fromEntries(names.map((name) => [name, process.env[name]]));
}
