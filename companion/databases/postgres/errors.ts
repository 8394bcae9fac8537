import { VitrineError } from '#shared/errors.ts';

/** Turns what a server or the way to it says into an error that names the cause and the remedy. */
export function describeServerError(
  error: unknown,
  server: string,
  remedy = 'Check that it runs, and the host and port in isolation.backend.database.url.',
): unknown {
  if (error instanceof VitrineError || !(error instanceof Error)) return error;
  const { code } = error as Error & { code?: unknown };
  if (typeof code !== 'string') {
    return isBroken(error) ? lost(server, error, remedy) : error;
  }
  if (/^E[A-Z_]+$/.test(code) || /^(?:CERT_|DEPTH_|SELF_SIGNED|UNABLE_TO|ERR_TLS)/.test(code))
    return unreachable(server, error, remedy);
  const known = KNOWN.find(({ codes }) => codes.test(code));
  return new VitrineError({
    code: known?.name ?? 'DATABASE_FAILED',
    message: `${capitalised(server)} said: ${error.message} (${code})`,
    remedy: known?.remedy(error.message) ?? 'Look at the server’s log.',
    status: known?.status ?? 502,
    cause: error,
  });
}

/** Whether it is one of those that a server leaves that dies, rather than the answer of one that lives. */
export function isConnectionLost(error: unknown): boolean {
  if (error instanceof VitrineError || !(error instanceof Error)) return false;
  const { code } = error as Error & { code?: unknown };
  if (typeof code !== 'string') return isBroken(error);
  return LOST.has(code);
}

/** Sockets' own words, and a postmaster's last ones: 57P01 to 57P03. */
const LOST = new Set(['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE', '57P01', '57P02', '57P03']);

/** What node-postgres says of a broken connection has no code. */
const isBroken = ({ message }: Error) => /timeout|terminated|ended|not queryable/i.test(message);

/** By SQLSTATE: postgresql.org/docs/current/errcodes-appendix.html. */
const KNOWN: { codes: RegExp; name: string; status: number; remedy(message: string): string }[] = [
  {
    codes: /^28000$/,
    name: 'DATABASE_LOGIN_REFUSED',
    status: 422,
    remedy: (message) =>
      /no encryption|SSL off/i.test(message)
        ? 'The server wants encryption: add ?sslmode=require to isolation.backend.database.url.'
        : 'Allow this role and host in the server’s pg_hba.conf, or name another in isolation.backend.database.url.',
  },
  {
    codes: /^28P01$/,
    name: 'DATABASE_LOGIN_REFUSED',
    status: 422,
    remedy: () => 'Check the role and the password in isolation.backend.database.url.',
  },
  {
    codes: /^3D000$/,
    name: 'DATABASE_LOGIN_REFUSED',
    status: 422,
    remedy: () => 'Name a database that exists in isolation.backend.database.url, usually /postgres.',
  },
  {
    codes: /^42501$/,
    name: 'DATABASE_RIGHTS_MISSING',
    status: 422,
    remedy: () =>
      'Give the role in isolation.backend.database.url the rights: ALTER ROLE … CREATEDB CREATEROLE.',
  },
  {
    codes: /^53300$/,
    name: 'DATABASE_BUSY',
    status: 503,
    remedy: () => 'Raise max_connections of the server, or end previews that are not needed.',
  },
  {
    codes: /^(?:53100|58030)$/,
    name: 'DISK_FULL',
    status: 507,
    remedy: () => 'Free disk space, or end previews and remove snapshots that are not needed.',
  },
  {
    codes: /^57P0[123]$/,
    name: 'DATABASE_UNREACHABLE',
    status: 503,
    remedy: () => 'The server is starting or stopping; try again in a moment.',
  },
];

function unreachable(server: string, cause: Error, remedy: string): VitrineError {
  const isTls = /certificate|self.signed|TLS|SSL/i.test(cause.message);
  return new VitrineError({
    code: 'DATABASE_UNREACHABLE',
    message: `${capitalised(server)} cannot be reached: ${cause.message || String(cause)}`,
    remedy: isTls
      ? 'Check its certificate, or choose sslmode=require (encrypted, not verified) in isolation.backend.database.url.'
      : remedy,
    status: 503,
    cause,
  });
}

function lost(server: string, cause: Error, remedy: string): VitrineError {
  return new VitrineError({
    code: 'DATABASE_UNREACHABLE',
    message: `The connection to ${server} was lost: ${cause.message}`,
    remedy,
    status: 503,
    cause,
  });
}

const capitalised = (text: string) => text.charAt(0).toUpperCase() + text.slice(1);
