import { type Snapshot, snapshotNameSchema } from '#shared/api/database.ts';
import { VitrineError } from '#shared/errors.ts';

/** Each is a whole database: beyond this a person has lost track of them. */
const MAX_SNAPSHOTS = 20;

/** Throws SNAPSHOT_NAME_INVALID. */
export function checkSnapshotName(name: string): void {
  if (snapshotNameSchema.safeParse(name).success) return;
  throw new VitrineError({
    code: 'SNAPSHOT_NAME_INVALID',
    message: `"${name.slice(0, 100)}" cannot be a snapshot’s name`,
    remedy: 'Use 1 to 64 letters, digits, dots, underscores or hyphens.',
    status: 400,
  });
}

/** Throws SNAPSHOT_LIMIT unless there is room for one of this name, or it replaces another. */
export function checkSnapshotCount(name: string, existing: Snapshot[]): void {
  if (existing.length < MAX_SNAPSHOTS || existing.some((each) => each.name === name)) return;
  const megabytes = Math.round(existing.reduce((sum, { bytes }) => sum + bytes, 0) / 1e6);
  throw new VitrineError({
    code: 'SNAPSHOT_LIMIT',
    message: `The environment has ${existing.length} snapshots already (${megabytes} MB)`,
    remedy: `Remove one (vitrine db forget <id> <name>) or give its name to replace it: ${existing.map((each) => each.name).join(', ')}.`,
    status: 409,
  });
}

export function snapshotUnknown(name: string, existing: Snapshot[]): VitrineError {
  const names = existing.map((each) => each.name).join(', ');
  return new VitrineError({
    code: 'SNAPSHOT_UNKNOWN',
    message: `The environment has no snapshot "${name}"`,
    remedy: names ? `It has: ${names}.` : 'Keep one first: vitrine db snapshot <id> <name>.',
    status: 404,
  });
}

/** There is nothing to keep a copy of before the environment's first start. */
export function databaseMissing(environmentId: string): VitrineError {
  return new VitrineError({
    code: 'DATABASE_MISSING',
    message: `The environment ${environmentId} has no database yet`,
    remedy: 'Start the environment once, then try again.',
    status: 409,
  });
}
