import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';
import type { DetectedBackend } from './detect-backend.ts';

const FILES = ['Procfile.dev', 'Procfile'];
/** Processes that take requests, the likeliest first. */
const NAMES = ['api', 'server', 'backend', 'web'];
const FRONTEND = /\b(?:npm|yarn|pnpm|bun|npx|vite|next|ng)\b/;
const PARTS = ['.', 'backend', 'server', 'api'];

/** A backend in another language: what a Procfile starts, else Django's own server. */
export async function detectByProcfile(worktree: string): Promise<DetectedBackend | null> {
  for (const file of FILES) {
    const text = await readText(join(worktree, file), { inside: worktree, maxBytes: MAX_SOURCE_BYTES }).catch(
      () => '',
    );
    for (const name of NAMES) {
      const command = new RegExp(`^${name}:(.*)$`, 'm').exec(text)?.[1]?.trim();
      if (command && !FRONTEND.test(command))
        return { command, cwd: worktree, reason: `process "${name}" in ${file}` };
    }
  }
  for (const part of PARTS) {
    const cwd = join(worktree, part);
    const found = await stat(join(cwd, 'manage.py')).catch(() => null);
    if (found?.isFile()) {
      const reason = `manage.py in ${part === '.' ? 'the worktree' : part}`;
      return { command: 'python3 manage.py runserver 127.0.0.1:$PORT', cwd, reason };
    }
  }
  return null;
}
