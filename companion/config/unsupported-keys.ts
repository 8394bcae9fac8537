import type { EnvironmentConfig } from '#shared/config/environment-config.ts';

/**
 * Keys that are set and that this version knows but does not act on yet, so that nobody relies on them in vain.
 * An entry goes when its feature comes.
 */
export function unsupportedKeys({ isolation: { backend, frontend } }: EnvironmentConfig): string[] {
  const { template, url } = backend.database;
  const keys: [string, boolean][] = [
    ['backend.services', Object.keys(backend.services).length > 0],
    ['backend.replicas', backend.replicas > 1],
    ['backend.dockerfile', backend.dockerfile !== undefined],
    ['backend.egress', backend.egress !== 'none'],
    ['backend.allow', backend.allow.length > 0],
    ['backend.pool', backend.pool > 0],
    ['backend.database.url', url !== undefined],
    ['backend.database.template.migrate', template.migrate !== undefined],
    ['backend.database.template.seed', template.seed !== undefined],
    ['frontend.command', frontend.command !== undefined],
  ];
  return keys.flatMap(([key, isSet]) => (isSet ? [`isolation.${key}`] : []));
}
