import { expandVariables, RESERVED_NAMES } from '../../detection/env-files.ts';

export interface ServiceEnvInput {
  /** The project's env files. */
  files: Record<string, string>;
  /** `isolation.backend.env`; may refer to all others by `${NAME}`. */
  configured: Record<string, string>;
  /** Addresses of the other services. */
  names: Record<string, string>;
  /** The way out: HTTP_PROXY and the like. */
  egress: Record<string, string>;
  /** DATABASE_URL and the like. */
  database: Record<string, string>;
  /** The preview origin, for links and CORS. */
  origin: string;
}

/** What a service sees: env files, then Vitrine's own, then what the configuration says. */
export function serviceEnv(input: ServiceEnvInput): Record<string, string> {
  const { files, configured, names, egress, database, origin } = input;
  const fromFiles = Object.fromEntries(Object.entries(files).filter(([name]) => !RESERVED_NAMES.has(name)));
  const own = { ...names, ...egress, ...database, VITRINE_ORIGIN: origin };
  const known = { NODE_ENV: 'development', ...fromFiles, ...own };
  const expanded = Object.entries(configured).map(([name, value]) => [name, expandVariables(value, known)]);
  return { ...known, ...Object.fromEntries(expanded) };
}

/** What the app is told so that it finds its backend; the project's own variables win only over names of theirs. */
export function appEnv(origin: string, configured: Record<string, string>): Record<string, string> {
  const webSocketUrl = origin.replace(/^http/, 'ws');
  return { VITE_API_URL: origin, VITE_WS_URL: webSocketUrl, ...configured };
}
