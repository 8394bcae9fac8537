import { stat } from 'node:fs/promises';
import { isAbsolute, resolve } from 'node:path';

const OPTION = /\s--env-file(?:=|\s+)(['"]?)([^\s'"]+)\1/g;

/**
 * A command without its options `--env-file` for files that are not there: git ignores them, so a fresh worktree lacks
 * them, and Node does not start. The variables in them come from the main checkout; `missing` are the files' names.
 */
export async function withoutMissingEnvFiles<C extends string | string[]>(
  command: C,
  cwd: string,
): Promise<{ command: C | string; missing: string[] }> {
  if (typeof command !== 'string') return { command, missing: [] };
  const missing: string[] = [];
  let text: string = command;
  for (const [option, , file = ''] of command.matchAll(OPTION)) {
    const isThere = await stat(resolve(cwd, file)).catch(() => null);
    if (isThere || isAbsolute(file)) continue;
    text = text.replace(option, '');
    missing.push(file);
  }
  return { command: text, missing };
}
