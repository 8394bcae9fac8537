import { realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** The real node_modules of a frontend: those of a worktree may be links to another checkout's. */
export function packageDirectories(root: string, worktree: string): string[] {
  const found: string[] = [];
  for (let directory = root; ; directory = dirname(directory)) {
    try {
      found.push(realpathSync(join(directory, 'node_modules')));
    } catch {
      // none here
    }
    if (directory === worktree || directory === dirname(directory)) return found;
  }
}
