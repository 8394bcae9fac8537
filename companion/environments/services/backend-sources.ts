import { extname, sep } from 'node:path';
import { runsImagesOwn, type ServicePlan } from '../../detection/service-plan.ts';
import { isInside } from '../../worktrees/is-inside.ts';

const SOURCE_EXTENSIONS = new Set([
  '.js',
  '.mjs',
  '.cjs',
  '.ts',
  '.mts',
  '.cts',
  '.json',
  '.sql',
  '.py',
  '.rb',
  '.go',
  '.graphql',
]);
/** Directories of a frontend that shares its root with the backend. */
const FRONTEND_DIRECTORIES = ['src', 'public', 'assets', 'styles', 'components', 'pages', 'dist', 'build'];
const FRONTEND_FILES =
  /^(vite|vitest|tailwind|postcss|eslint|prettier|svelte|playwright)\.config\.|^tsconfig/;
/** Commands that look after their own restarts. */
const RELOADS_ITSELF = /--watch\b|\bnodemon\b|\bts-node-dev\b|\btsx\s+watch\b|\bwatchexec\b|--reload\b/;

/** Whether a changed file is the backend's, so that the service has to start anew to show it. */
export function isBackendSource(path: string, cwd: string, frontendRoot: string | null): boolean {
  if (!isInside(cwd, path) || !SOURCE_EXTENSIONS.has(extname(path))) return false;
  if (!frontendRoot || !isInside(cwd, frontendRoot)) return true;
  if (frontendRoot !== cwd) return !isInside(frontendRoot, path);
  const [first = '', ...rest] = path.slice(cwd.length + 1).split(sep);
  return rest.length > 0 ? !FRONTEND_DIRECTORIES.includes(first) : !FRONTEND_FILES.test(first);
}

export const reloadsItself = (command: string | string[]): boolean =>
  RELOADS_ITSELF.test(Array.isArray(command) ? command.join(' ') : command);

/** Whether what a service runs comes from the worktree; a ready-made image such as redis has nothing to do with it. */
export const runsWorktree = (service: ServicePlan): boolean =>
  !runsImagesOwn(service) || (service.image !== undefined && 'dockerfile' in service.image);
