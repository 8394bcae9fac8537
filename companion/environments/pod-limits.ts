import type { ResourceLimits } from '#shared/config/environment-config.ts';
import type { ProjectPlan } from '../detection/detect-project.ts';
import type { EnvironmentRecord } from '../storage/environment-record.ts';

/**
 * What a bundler with a large project takes at its start: `ng new` alone takes more than a backend has, and so does Vite's
 * optimizer with two component libraries.
 */
const FRONTEND_MEMORY_MB = 2_048;

/** Limits of an environment's sandbox: the backend's, and memory for what runs the frontend beside it. */
export function podLimits(
  { config, provider }: Pick<EnvironmentRecord, 'config' | 'provider'>,
  { frontend: detected }: Pick<ProjectPlan, 'frontend'>,
): ResourceLimits {
  const { backend, frontend } = config.isolation;
  const isRun = detected !== null || provider === 'devserver';
  const beside = frontend.memory_mb ?? (isRun ? FRONTEND_MEMORY_MB : 0);
  return { ...backend.resource_limits, memory_mb: backend.resource_limits.memory_mb + beside };
}
