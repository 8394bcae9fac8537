import type { ProviderName } from '#shared/identifiers.ts';
import { findDependencies } from '../detection/dependencies.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { runsImagesOwn } from '../detection/service-plan.ts';
import { podOwner } from '../runtimes/ownership.ts';
import type { Mount } from '../runtimes/runtime.ts';
import { gitMounts } from './git-mounts.ts';
import { toolCaches } from './tool-caches.ts';

export interface PodMounts {
  mounts: Mount[];
  /** One sentence for the start-up view. */
  detail: string;
}

export interface PodMountsInput {
  worktree: string;
  mainCheckout: string;
  provider: ProviderName;
  /** Of the environment, and out of its pod's reach: parts of it are mounted. */
  ownDirectory: string;
  plan: Pick<ProjectPlan, 'frontend' | 'services'>;
  canMount: boolean;
}

/** The packages that the frontend and the services of a plan need, and what git has to see. Throws DEPENDENCIES_MISSING. */
export async function findPodMounts(input: PodMountsInput): Promise<PodMounts> {
  const { worktree, mainCheckout, provider, ownDirectory, plan, canMount } = input;
  const ofServices = plan.services.filter((service) => !runsImagesOwn(service)).map(({ cwd }) => cwd);
  const directories = new Set([...(plan.frontend ? [plan.frontend.root] : []), ...ofServices]);
  const [found, ofGit] = await Promise.all([
    Promise.all(
      [...directories].map((directory) => {
        const hasOwnServer = provider === 'devserver' && directory === plan.frontend?.root;
        return findDependencies(worktree, mainCheckout, directory, canMount, hasOwnServer);
      }),
    ),
    canMount ? gitMounts(worktree, ownDirectory) : [],
  ]);
  const mounts = found.flatMap((each) => each.mounts);
  const owner = await podOwner(worktree);
  const caches = await Promise.all(
    mounts.flatMap(({ source, target, makePoint }) =>
      makePoint && target ? [toolCaches(source, target, ownDirectory, owner)] : [],
    ),
  );
  return {
    mounts: [
      ...new Map(
        [...mounts, ...caches.flat(), ...ofGit].map((mount) => [mount.target ?? mount.source, mount]),
      ).values(),
    ],
    detail: [...new Set(found.map(({ detail }) => detail))].join('; ') || 'none needed',
  };
}
