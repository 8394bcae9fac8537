import type { EnvironmentConfig } from '#shared/config/environment-config.ts';

/**
 * Keys that are set and that this version knows but does not act on yet, so that nobody relies on them in vain.
 * An entry goes when its feature comes.
 */
export function unsupportedKeys({ isolation: { frontend } }: EnvironmentConfig): string[] {
  const keys: [string, boolean][] = [['frontend.command', frontend.command !== undefined]];
  return keys.flatMap(([key, isSet]) => (isSet ? [`isolation.${key}`] : []));
}
