import { execFile } from 'node:child_process';
import { dirname } from 'node:path';
import { promisify } from 'node:util';
import semver from 'semver';
import { userNode } from '../../runtimes/process/search-path.ts';

const run = promisify(execFile);
const VERSION_DEADLINE_MS = 5_000;

/** Directory of Vitrine's own Node, where it does for these ranges what the user's does not; else null. */
export async function ownNodeFor(ranges: readonly (string | undefined)[]): Promise<string | null> {
  const wanted = ranges.filter((range) => range !== undefined && semver.validRange(range) !== null);
  if (wanted.length === 0) return null;
  const user = await userNodeVersion();
  const isBetter = wanted.some((range) => range !== undefined && suitsBetter(range, user));
  return isBetter ? dirname(process.execPath) : null;
}

/**
 * A range often leaves out releases that would do (`^22.19.0 || ^24.11.0`): one that is merely among them is still
 * better than one from before all of them.
 */
function suitsBetter(range: string, user: string | null): boolean {
  if (user !== null && semver.satisfies(user, range)) return false;
  const own = process.versions.node;
  if (semver.satisfies(own, range)) return true;
  return (user === null || semver.ltr(user, range)) && !semver.ltr(own, range) && !semver.gtr(own, range);
}

/** What was answered this long ago still holds, ms: what `node` is may be another file's affair, as with version managers. */
const FRESH_MS = 60_000;
let latest: { node: string; at: number; version: Promise<string | null> } | null = null;

function userNodeVersion(): Promise<string | null> {
  const node = userNode();
  if (!node) return Promise.resolve(null);
  const isFresh = latest?.node === node && performance.now() - latest.at < FRESH_MS;
  if (!latest || !isFresh) latest = { node, at: performance.now(), version: askVersion(node) };
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
