/**
 * The line that turns a waiting shell into a service: it reads it from its standard input, so that nothing of the
 * service is in the container's description, where the engine keeps and shows it.
 *
 * `env -i` makes the service's environment exactly the one given, whatever the shell added to its own.
 */
export function claimScript(argv: string[], cwd: string, env: Record<string, string>): string {
  const variables = Object.entries(env).map(([name, value]) => quote(`${name}=${value}`));
  const words = ['exec', 'env', '-i', ...variables, ...argv.map(quote)];
  return `cd ${quote(cwd)} && ${words.join(' ')} </dev/null\n`;
}

/** Single quotes take everything as it is but themselves. */
function quote(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
