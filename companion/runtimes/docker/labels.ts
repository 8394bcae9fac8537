import { createHash } from 'node:crypto';

/** State directory (hashed) of the companion that made a thing: only its own are ever swept. */
export const HOME_LABEL = 'com.vitrine.home';
export const ENVIRONMENT_LABEL = 'com.vitrine.environment';
/** One life of a pod. */
export const POD_LABEL = 'com.vitrine.pod';
/** Content hash of what an image was built from. */
export const BUILD_LABEL = 'com.vitrine.build';

/** Worktree (hashed) whose Dockerfile an image is from. */
export const WORKTREE_LABEL = 'com.vitrine.worktree';

export const homeLabelValue = (stateDirectory: string) =>
  createHash('sha256').update(stateDirectory).digest('hex').slice(0, 16);
