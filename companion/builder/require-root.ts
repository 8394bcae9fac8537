import { existsSync } from 'node:fs';
import { VitrineError } from '#shared/errors.ts';

/** Throws FRONTEND_MISSING when the directory of the frontend is not there (any more). */
export function requireRoot(root: string): void {
  if (existsSync(root)) return;
  throw new VitrineError({
    code: 'FRONTEND_MISSING',
    message: `The directory of the frontend, ${root}, does not exist.`,
    remedy: 'Set isolation.frontend.root in .vibe-kanban/environment.yaml.',
    status: 422,
  });
}
