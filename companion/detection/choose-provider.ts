import type { EnvironmentConfig } from '#shared/config/environment-config.ts';
import type { ProviderName } from '#shared/identifiers.ts';
import { needsOwnServer } from './detect-frontend.ts';
import type { ProjectPlan } from './detect-project.ts';

export interface ChosenProvider {
  name: ProviderName;
  /** One sentence. */
  reason: string;
}

/** Nobody asked for it: where it does not do, another takes over. */
export const DEFAULT_REASON = 'the default for browser apps';

/** What runs the frontend: the configuration's word, else the project's own dev server where it needs one. */
export async function chooseProvider(
  worktree: string,
  { provider, frontend }: EnvironmentConfig['isolation'],
  plan: Pick<ProjectPlan, 'frontend'>,
): Promise<ChosenProvider> {
  if (provider) return { name: provider, reason: 'isolation.provider in the configuration' };
  if (frontend.command !== undefined)
    return { name: 'devserver', reason: 'isolation.frontend.command names a dev server' };
  const need = plan.frontend ? await needsOwnServer(worktree, plan.frontend.root) : null;
  return need === null ? { name: 'sandpack', reason: DEFAULT_REASON } : { name: 'devserver', reason: need };
}
