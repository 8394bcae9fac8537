import { execFile } from 'node:child_process';
import { stat } from 'node:fs/promises';
import { promisify } from 'node:util';
import semver from 'semver';
import { userNode } from '../../runtimes/process/search-path.ts';

const run = promisify(execFile);
const VERSION_DEADLINE_MS = 5_000;
/** Smaller than any Node: a script of a version manager, which runs now this one, now that. */
const MIN_PROGRAM_BYTES = 4 * 1024 * 1024;
/** What a version manager said this long ago still holds. */
const FRESH_MS = 60_000;

interface Answer {
  /** The very file that was asked. */
  file: string;
  at: number;
  /** Holds as long as the file is the same. */
  isLasting: boolean;
  version: Promise<string | null>;
}

let latest: Answer | null = null;

/** Version of the Node that the user's shell would run; null where there is none that can say it. */
export async function userNodeVersion(): Promise<string | null> {
  const node = userNode();
  const found = node && (await stat(node).catch(() => null));
  if (!found) return null;
  const file = `${node} ${found.dev}:${found.ino} ${found.size} ${found.mtimeMs}`;
  const at = performance.now();
  const holds = latest?.file === file && (latest.isLasting || at - latest.at < FRESH_MS);
  if (!latest || !holds)
    latest = { file, at, isLasting: found.size >= MIN_PROGRAM_BYTES, version: askVersion(node) };
  return latest.version;
}

async function askVersion(node: string): Promise<string | null> {
  try {
    const { stdout } = await run(node, ['--version'], { timeout: VERSION_DEADLINE_MS });
    return semver.clean(stdout);
  } catch {
    return null; // one that cannot say its version cannot run a backend either
  }
}
