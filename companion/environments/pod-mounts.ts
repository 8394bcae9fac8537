import { findDependencies } from '../detection/dependencies.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import { runsImagesOwn } from '../detection/service-plan.ts';
import type { Mount } from '../runtimes/runtime.ts';

export interface PodMounts {
  mounts: Mount[];
  /** One sentence for the start-up view. */
  detail: string;
}

/** The packages that the frontend and the services of a plan need. Throws DEPENDENCIES_MISSING. */
export async function findPodMounts(
  { worktree, mainCheckout }: { worktree: string; mainCheckout: string },
  { frontend, services }: ProjectPlan,
  canMount: boolean,
): Promise<PodMounts> {
  const ofServices = services.filter((service) => !runsImagesOwn(service)).map(({ cwd }) => cwd);
  const directories = new Set([...(frontend ? [frontend.root] : []), ...ofServices]);
  const found = await Promise.all(
    [...directories].map((directory) => findDependencies(worktree, mainCheckout, directory, canMount)),
  );
  const mounts = found.flatMap((each) => each.mounts);
  return {
    mounts: [...new Map(mounts.map((mount) => [mount.target ?? mount.source, mount])).values()],
    detail: [...new Set(found.map(({ detail }) => detail))].join('; ') || 'none needed',
  };
}
