import { join, resolve } from 'node:path';
import { MAX_SOURCE_BYTES, readText } from '../worktrees/read-text.ts';

/** Text of a directory's Vite configuration, or null. Read as text: running it is the builder's affair. */
export async function viteConfigText(directory: string): Promise<string | null> {
  for (const extension of ['ts', 'js', 'mts', 'mjs', 'cts', 'cjs']) {
    const text = await readText(join(directory, `vite.config.${extension}`), {
      maxBytes: MAX_SOURCE_BYTES,
    }).catch(() => null);
    if (text !== null) return text;
  }
  return null;
}

/** Directory that the configuration's `root` names as a plain string; null where there is no such. */
export async function viteRoot(directory: string): Promise<string | null> {
  const text = await viteConfigText(directory);
  const root = /^[ \t]*root\s*:\s*['"`]([^'"`$]+)['"`]/m.exec(text ?? '')?.[1];
  return root === undefined ? null : resolve(directory, root);
}
