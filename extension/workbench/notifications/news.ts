import type { Environment } from '#shared/api/environment.ts';

/** What is worth interrupting somebody for, and nothing else. */
export interface News {
  kind: 'ready' | 'failed' | 'crashed';
  environment: Environment;
}

/** What happened between two looks at the list. What was not there before is no news: it may have run for days. */
export function newsBetween(
  before: ReadonlyMap<string, Environment>,
  now: ReadonlyMap<string, Environment>,
): News[] {
  return [...now.values()].flatMap((environment) => {
    const was = before.get(environment.id)?.status;
    const kind = kindOf(was, environment.status);
    return kind ? [{ kind, environment }] : [];
  });
}

function kindOf(
  was: Environment['status'] | undefined,
  now: Environment['status'],
): News['kind'] | undefined {
  if (was === 'initializing' && now === 'running') return 'ready';
  if (was === 'initializing' && now === 'failed') return 'failed';
  if ((was === 'running' || was === 'suspended') && now === 'failed') return 'crashed';
  return undefined;
}
