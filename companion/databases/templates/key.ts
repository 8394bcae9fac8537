import { createHash } from 'node:crypto';
import type { DatabaseSpec } from '../database.ts';
import type { Template } from './file.ts';
import { hashFile, hashInputs } from './inputs.ts';

/** Raised when templates come to be made differently. */
const FORMAT = 1;

/**
 * Identifies the template of a project as it is in this worktree: the commands, the dump's content and the files
 * that the commands read. `engine` names the engine and the version that its files are tied to.
 */
export async function templateKey(
  spec: Pick<DatabaseSpec, 'worktree' | 'mainCheckout' | 'template'>,
  engine: string,
  dump: Template | null,
  signal: AbortSignal,
): Promise<string> {
  const { migrate, seed } = spec.template;
  const parts = {
    format: FORMAT,
    engine,
    project: spec.mainCheckout,
    migrate: migrate ?? null,
    seed: seed ?? null,
    dump: dump ? await hashDump(dump.path, signal) : null,
    // A dump alone is made from nothing else.
    inputs: migrate || seed ? await hashInputs(spec, signal) : null,
  };
  return createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 24);
}

/** With SQLite's log: rows may still be in there. */
async function hashDump(path: string, signal: AbortSignal): Promise<string> {
  const log = await hashFile(`${path}-wal`, signal).catch(() => {
    signal.throwIfAborted();
    return '';
  });
  return (await hashFile(path, signal)) + log;
}
