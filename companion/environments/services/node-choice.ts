import { dirname } from 'node:path';
import semver from 'semver';
import { userNodeVersion } from './node-version.ts';

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
