import { VitrineError } from '#shared/errors.ts';

/**
 * `isolation.backend.database.url` with each `${NAME}` replaced by that variable of the companion's environment.
 * Throws DATABASE_URL_INCOMPLETE for a variable that is not set.
 */
export function databaseUrl(
  url: string | undefined,
  variables: NodeJS.ProcessEnv = process.env,
): string | undefined {
  return url?.replace(/\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g, (_, name: string) => {
    const value = variables[name];
    if (value !== undefined && value !== '') return value;
    throw new VitrineError({
      code: 'DATABASE_URL_INCOMPLETE',
      message: `isolation.backend.database.url names the variable ${name}, which is not set where the companion runs.`,
      remedy: `Set ${name} and start the companion again (vitrine quit, then vitrine serve), or write the value into the URL.`,
      status: 422,
    });
  });
}
