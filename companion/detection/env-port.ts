/** Names under which projects say where their backend listens, the likeliest first. */
const NAMES = ['PORT', 'API_PORT', 'SERVER_PORT', 'BACKEND_PORT', 'APP_PORT', 'HTTP_PORT'];

/** The port that the project's env files give its backend: its frontend may have it written into it. */
export function envPort(variables: Readonly<Record<string, string>>): number | undefined {
  const told = NAMES.map((name) => Number(variables[name]));
  return told.find((port) => Number.isInteger(port) && port >= 1_024 && port <= 65_535);
}
