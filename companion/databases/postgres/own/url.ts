import { readFileSync } from 'node:fs';
import { VitrineError } from '#shared/errors.ts';

const SSL_MODES = ['disable', 'allow', 'prefer', 'require', 'verify-ca', 'verify-full'] as const;
export type SslMode = (typeof SSL_MODES)[number];
const DEFAULT_PORT = 5432;

/** What `isolation.backend.database.url` says: where the server is and who administers it. */
export interface ServerUrl {
  host: string;
  port: number;
  user: string;
  password: string;
  /** The maintenance database: the only one of the user's that is ever connected to. */
  database: string;
  sslMode: SslMode;
  /** Certificate authority, in PEM; the system's unless told. */
  certificateAuthority: string | undefined;
}

/** Throws DATABASE_URL_INVALID, without the password. */
export function parseServerUrl(text: string): ServerUrl {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    throw invalid('it is not a URL');
  }
  if (url.protocol !== 'postgres:' && url.protocol !== 'postgresql:')
    throw invalid(`it begins with ${url.protocol.slice(0, 20)}//`);
  const parameters = url.searchParams;
  // libpq's way to name the directory of a unix socket.
  const host = parameters.get('host') ?? decode(url.hostname).replace(/^\[(.*)\]$/, '$1');
  if (!host) throw invalid('it names no host');
  if (host.includes(',')) throw invalid('it names several hosts');
  const user = decode(url.username);
  if (!user) throw invalid('it names no role');
  const sslMode = parameters.get('sslmode') ?? 'prefer';
  if (!isSslMode(sslMode)) throw invalid(`its sslmode is none of ${SSL_MODES.join(', ')}`);
  return {
    host,
    port: Number(url.port || parameters.get('port') || DEFAULT_PORT),
    user,
    password: decode(url.password),
    database: decode(url.pathname.slice(1)) || 'postgres',
    sslMode,
    certificateAuthority: readAuthority(parameters.get('sslrootcert')),
  };
}

const isSslMode = (text: string): text is SslMode => (SSL_MODES as readonly string[]).includes(text);

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw invalid('a percent sign in it is not followed by two digits');
  }
}

function readAuthority(path: string | null): string | undefined {
  if (path === null || path === 'system') return undefined;
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    throw invalid(`its sslrootcert cannot be read (${(cause as NodeJS.ErrnoException).code})`);
  }
}

function invalid(why: string): VitrineError {
  return new VitrineError({
    code: 'DATABASE_URL_INVALID',
    message: `isolation.backend.database.url cannot be used: ${why}`,
    remedy: 'Give it as postgresql://role:password@host:port/postgres, optionally with ?sslmode=require.',
    status: 422,
  });
}
